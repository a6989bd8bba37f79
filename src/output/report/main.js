// SPDX-License-Identifier: Apache-2.0
// Putting it together: what changes, and what is drawn anew then.
'use strict';

function setState(change) {
	Object.assign(state, change);
	refresh();
}

function refresh() {
	applyFilters();
	showView();
	drawBar();
	drawTimeline();
	drawFacets();
	drawChips();
	drawPanel();
	drawTable();
	writeAddress();
}

// ---- the bar ------------------------------------------------------------

function drawBar() {
	const size = shown.order.length;

	if (byId('query').value !== state.query)
		byId('query').value = state.query;
	byId('suppressed').checked = state.suppressed;
	byId('shown').textContent = isFiltered() ? `${count(size)} of ${plural(hits.count, 'hit')}` : plural(size, 'hit');
}

function showView() {
	for (const name of ['hits', 'account']) {
		const chosen = state.view === name;

		byId(name).hidden = !chosen;
		byId(`tab-${name}`).setAttribute('aria-selected', String(chosen));
		byId(`tab-${name}`).tabIndex = chosen ? 0 : -1;
	}
	document.body.dataset.view = state.view;
}

function startBar() {
	let suppressedHits = 0;

	for (let i = 0; i < hits.count; i++)
		suppressedHits += isSuppressed(i) ? 1 : 0;
	byId('suppressed-label').hidden = suppressedHits === 0;
	byId('suppressed-label').querySelector('span').textContent = `show ${count(suppressedHits)} suppressed`;
	byId('suppressed').addEventListener('change', (event) => setState({suppressed: event.target.checked}));
	byId('query').addEventListener('input', (event) => setState({query: event.target.value}));
	byId('query').addEventListener('keydown', (event) => {
		if (event.key === 'Enter' || event.key === 'ArrowDown') {
			event.preventDefault();
			byId('table').focus();
		}
	});
	byId('facets-toggle').addEventListener('click', (event) => {
		const open = document.body.classList.toggle('with-facets');

		event.currentTarget.setAttribute('aria-expanded', String(open));
	});
	byId('help-open').addEventListener('click', () => byId('help').showModal());
	for (const name of ['hits', 'account'])
		byId(`tab-${name}`).addEventListener('click', () => setState({view: name}));
	byId('tabs').addEventListener('keydown', (event) => {
		if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')
			return;
		setState({view: state.view === 'hits' ? 'account' : 'hits'});
		byId(`tab-${state.view}`).focus();
	});
}

// Dark or light as the system has it, until somebody chooses; kept in this page only.
function startTheme() {
	const system = matchMedia('(prefers-color-scheme: dark)');
	const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
	const draw = () => byId('theme').setAttribute('aria-pressed', String(isDark()));

	byId('theme').addEventListener('click', () => {
		document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
		draw();
	});
	system.addEventListener('change', draw);
	draw();
}

// ---- keys of the whole page ---------------------------------------------

function pageKey(event) {
	const typing = event.target.matches('input[type=search], textarea');

	if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open)
		return;
	if (event.key === '/' && !typing) {
		event.preventDefault();
		setState({view: 'hits'});
		byId('query').focus();
		byId('query').select();
	} else if (event.key === '?' && !typing) {
		byId('help').showModal();
	} else if (event.key === 'Escape' && state.open >= 0 && !(typing && state.query !== '')) {
		closePanel();
	}
}

// ---- start --------------------------------------------------------------

// Do while nobody waits, piece by piece, what the first search, order by details or open
// hit would else have to wait for.
function prepare(work) {
	const later = globalThis.requestIdleCallback ??
		((then) => setTimeout(() => then({timeRemaining: () => 0}), 10));

	later((deadline) => {
		do {
			if (work.next().done)
				return;
		} while (deadline.timeRemaining() > 10);
		prepare(work);
	});
}

function* preparation() {
	for (let b = 0; b < report.blocks.length; b++)
		yield indexOf(b);
	yield isField('');
	yield indexRecords();
	yield RANKS.details();
	performance.mark('prepared');
}

function start() {
	document.documentElement.classList.add('live');
	document.documentElement.classList.toggle('zoned', zone.length > 0);
	byId('bar').hidden = false;
	readAddress();
	startBar();
	startTheme();
	startTimeline();
	startTable();
	document.addEventListener('keydown', pageKey);
	addEventListener('hashchange', () => {
		readAddress();
		refresh();
	});
	refresh();
	if (state.open >= 0 && placeOfHit(state.open) >= 0) {
		table.active = placeOfHit(state.open);
		scrollToPlace(table.active);
		drawRows();
	}
	performance.mark('ready');
	prepare(preparation());
}

start();
