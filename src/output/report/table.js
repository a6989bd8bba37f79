// SPDX-License-Identifier: Apache-2.0
// The table: only the rows in sight are in the document, all of one height.
'use strict';

const SPARE_ROWS = 12; // above and below what is in sight
const PRINTED_ROWS = 3000;

const table = {
	active: 0, // place in shown.order that the keyboard is at
	first: 0, drawn: new Map(), // rows in the document by place, from the first
	all: false, // while printing
};

function levelChip(level) {
	return element('span', {class: 'level', 'data-level': level}, level || 'none');
}

function detailsCell(i) {
	const cell = element('td', {role: 'gridcell', class: 'details'});

	if (rules[hits.rule[i]].correlation)
		cell.append(element('span', {class: 'tag'}, 'correlation'));
	if (isSuppressed(i))
		cell.append(element('span', {class: 'tag', title: visible(texts[hits.suppressedBy[i]])}, 'suppressed'));
	if (hits.confirmed[i] === 2)
		cell.append(element('span', {class: 'tag warn'}, 'readers differ'));
	if (hits.confirmed[i] === 4)
		cell.append(element('span', {class: 'tag warn'}, 'recovered'));
	let length = 0;

	for (const [name, value] of shownDetails(i)) {
		// The panel keeps line ends; here they would only be in the way.
		const text = value.slice(0, DETAILS_SHOWN).replace(/\s*[\r\n\t]\s*/g, ' ');

		cell.append(element('span', {class: 'name'}, name), element('span', {class: 'value'}, text), ' ');
		length += name.length + text.length;
		if (length > DETAILS_SHOWN)
			break;
	}
	return cell;
}

function drawRow(place) {
	const i = shown.order[place];
	const computer = texts[hits.computer[i]];
	const channel = texts[hits.channel[i]];
	const row = element('tr', {
		role: 'row', id: `row-${place}`, 'aria-rowindex': String(place + 2),
		'aria-selected': String(i === state.open), class: isSuppressed(i) && 'silenced',
		'data-level': levelOf(i),
	},
	element('td', {role: 'gridcell', class: 'time'}, timeText(hits.ms[i], hits.ticks[i])),
	element('td', {role: 'gridcell', class: 'level-cell'}, levelChip(levelOf(i))),
	element('td', {role: 'gridcell', class: 'computer', title: visible(computer)}, computer),
	element('td', {role: 'gridcell', class: 'channel', title: visible(channel)},
		element('div', {}, element('span', {}, shortChannel(channel)), ' ',
			hits.eventId[i] >= 0 && element('span', {}, String(hits.eventId[i])))),
	element('td', {role: 'gridcell', class: 'rule', title: visible(rules[hits.rule[i]].title)},
		rules[hits.rule[i]].title),
	detailsCell(i));

	row.classList.toggle('active', place === table.active);
	return row;
}

function rowHeight() {
	return parseFloat(getComputedStyle(byId('table')).getPropertyValue('--row-height'));
}

// Places in sight: the table scrolls in its box, on small screens with the page.
function placesInSight() {
	const box = byId('table-scroll').getBoundingClientRect();
	const body = byId('rows').getBoundingClientRect();
	const height = rowHeight();
	const top = Math.max(box.top, 0) - body.top;
	const bottom = Math.min(box.bottom, innerHeight) - body.top;
	const first = Math.max(Math.floor(top / height) - SPARE_ROWS, 0);

	if (table.all)
		return [0, Math.min(shown.order.length, PRINTED_ROWS)];
	return [first, Math.min(Math.max(Math.ceil(bottom / height) + SPARE_ROWS, first), shown.order.length)];
}

function spacer(rows) {
	const row = element('tr', {class: 'spacer', 'aria-hidden': 'true'}, element('td', {}));

	row.firstChild.style.height = `${rows * rowHeight()}px`;
	return row;
}

// Draw the rows in sight; without `anew` those that are drawn already stay.
function drawRows(anew = true) {
	const [first, last] = placesInSight();
	const before = anew ? new Map() : table.drawn;

	if (!anew && first === table.first && last - first === before.size)
		return;
	table.first = first;
	table.drawn = new Map();
	for (let place = first; place < last; place++)
		table.drawn.set(place, before.get(place) ?? drawRow(place));
	byId('rows').replaceChildren(...first > 0 ? [spacer(first)] : [], ...table.drawn.values(),
		...last < shown.order.length && !table.all ? [spacer(shown.order.length - last)] : []);
	markActive();
}

function markActive() {
	const row = byId(`row-${table.active}`);

	for (const marked of byId('rows').querySelectorAll('.active'))
		marked.classList.toggle('active', marked === row);
	row?.classList.add('active');
	if (row)
		byId('table').setAttribute('aria-activedescendant', row.id);
	else
		byId('table').removeAttribute('aria-activedescendant');
}

function drawTable() {
	const size = shown.order.length;

	table.active = Math.min(table.active, Math.max(size - 1, 0));
	byId('table').setAttribute('aria-rowcount', String(size + 1));
	byId('nothing').hidden = size > 0;
	byId('nothing').textContent = hits.count === 0 ? 'No hits. The account says what was read.'
		: 'No hit passes these filters.';
	for (const head of byId('table').querySelectorAll('[data-sort]')) {
		const sorted = head.dataset.sort === state.sort;

		head.parentNode.setAttribute('aria-sort', !sorted ? 'none' : state.descending ? 'descending' : 'ascending');
	}
	drawRows();
}

// ---- moving -------------------------------------------------------------

function scrollToPlace(place) {
	const scroller = byId('table-scroll');
	const own = getComputedStyle(scroller).overflowY !== 'visible';
	const box = own ? scroller.getBoundingClientRect() : {top: 0, bottom: innerHeight};
	const head = byId('table').tHead.getBoundingClientRect().height;
	const top = byId('rows').getBoundingClientRect().top + place * rowHeight();
	const above = top - box.top - head;
	const below = top + rowHeight() - box.bottom;
	const by = above < 0 ? above : below > 0 ? below : 0;

	(own ? scroller : document.scrollingElement).scrollBy(0, by);
}

function moveTo(place) {
	if (shown.order.length === 0)
		return;
	table.active = Math.min(Math.max(place, 0), shown.order.length - 1);
	scrollToPlace(table.active);
	drawRows(false);
	markActive();
	if (state.open >= 0)
		openHit(shown.order[table.active]);
}

function placeOfHit(i) {
	return shown.order.indexOf(i);
}

function pageRows() {
	return Math.max(Math.floor(byId('table-scroll').clientHeight / rowHeight()) - 2, 1);
}

function tableKey(event) {
	const to = {
		ArrowUp: table.active - 1, ArrowDown: table.active + 1,
		PageUp: table.active - pageRows(), PageDown: table.active + pageRows(),
		Home: 0, End: shown.order.length - 1,
	}[event.key];

	if (event.target !== byId('table') || event.ctrlKey || event.metaKey || event.altKey)
		return;
	if (to !== undefined)
		moveTo(to);
	else if ((event.key === 'Enter' || event.key === ' ') && shown.order.length > 0)
		openHit(shown.order[table.active], true);
	else
		return;
	event.preventDefault();
}

function sortBy(column) {
	// The levels that matter come first at the first click.
	const descending = state.sort === column ? !state.descending : column === 'level';

	setState({sort: column, descending});
}

function startTable() {
	byId('table').addEventListener('keydown', tableKey);
	byId('rows').addEventListener('click', (event) => {
		const row = event.target.closest('tr[id]');

		if (row === null || String(getSelection()) !== '')
			return;
		table.active = Number(row.id.slice('row-'.length));
		markActive();
		openHit(shown.order[table.active]);
	});
	byId('table').tHead.addEventListener('click', (event) => {
		const head = event.target.closest('[data-sort]');

		if (head !== null)
			sortBy(head.dataset.sort);
	});
	// On small screens the page scrolls, else the box: both arrive here.
	document.addEventListener('scroll', () => drawRows(false), {capture: true, passive: true});
	addEventListener('resize', () => drawRows());
	addEventListener('beforeprint', () => printing(true));
	addEventListener('afterprint', () => printing(false));
}

function printing(all) {
	const size = shown.order.length;

	table.all = all;
	byId('printed').hidden = !all || size <= PRINTED_ROWS;
	byId('printed').textContent = `The first ${count(PRINTED_ROWS)} of ${count(size)} rows.`;
	drawRows();
}
