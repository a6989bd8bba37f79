// SPDX-License-Identifier: Apache-2.0
// Bars of hits by level, tactic, technique, rule and computer; each is a filter.
'use strict';

const FACET_ROWS = 10; // unless all are asked for
const FACET_ROWS_MOST = 500;
const unfolded = new Set(); // facets that show all

function addTo(map, key, number) {
	map.set(key, (map.get(key) ?? 0) + number);
}

// Hits of each value of a facet that is a property of the rule.
function sumByRule({bit, valuesOf}) {
	const sums = new Map();

	rules.forEach((rule, number) => {
		const size = (shown.ruleBits[number] & ~bit) === 0 ? shown.byRule[number] : 0;

		for (const value of valuesOf(rule, number))
			addTo(sums, value, size);
	});
	return sums;
}

function sumByComputer() {
	const sums = new Map();

	shown.byComputer.forEach((number, text) => {
		if (number > 0 || state.computer.has(text))
			sums.set(text, number);
	});
	return sums;
}

// Levels by what they mean, others by how often.
function sortRows(name, rows) {
	if (name === 'level')
		return rows.sort(([a], [b]) => LEVELS.indexOf(a) - LEVELS.indexOf(b));
	return rows.sort(([, a], [, b]) => b - a);
}

function facetLabel(name, value) {
	if (name === 'rule')
		return rules[value].title || '(no title)';
	if (name === 'computer')
		return texts[value] || '(none)';
	return value || (name === 'level' ? 'no level' : '(none)');
}

function toggle(name, value) {
	const values = new Set(state[name]);

	if (!values.delete(value))
		values.add(value);
	setState({[name]: values});
}

function facetRow(name, value, number, most) {
	const chosen = state[name].has(value);
	const label = facetLabel(name, value);
	const level = name === 'level' ? value : name === 'rule' ? rules[value].level : undefined;
	const bar = element('span', {class: 'facet-bar', 'data-level': level});
	const row = button('', {class: 'facet-row', 'aria-pressed': String(chosen), title: visible(label)},
		() => toggle(name, value));

	bar.style.width = `${number / most * 100}%`;
	row.append(element('span', {class: 'facet-label'}, label),
		element('span', {class: 'facet-count'}, count(number)), bar);
	row.dataset.key = `${name} ${label}`; // where the focus was, after drawing
	return row;
}

function moreRow(facet, hidden) {
	const open = unfolded.has(facet.name);
	const attributes = {class: 'facet-more', 'data-key': `${facet.name} more`};

	if (hidden <= 0 && !open)
		return null;
	return button(open ? 'Fewer' : `${count(hidden)} more`, attributes, () => {
		if (!unfolded.delete(facet.name))
			unfolded.add(facet.name);
		drawFacets();
	});
}

function drawFacet(facet, sums) {
	const {name, title} = facet;
	const rows = sortRows(name, [...sums].filter(([value, number]) => number > 0 || state[name].has(value)));
	const most = Math.max(1, ...rows.map(([, number]) => number));
	const visibleRows = rows.filter(([value], n) => state[name].has(value) ||
		n < (unfolded.has(name) ? FACET_ROWS_MOST : FACET_ROWS));

	if (rows.length === 0)
		return null;
	return element('section', {class: 'facet', 'aria-label': title},
		element('h2', {}, title, ' ', element('span', {class: 'count'}, count(rows.length))),
		...visibleRows.map(([value, number]) => facetRow(name, value, number, most)),
		moreRow(facet, rows.length - visibleRows.length));
}

function drawFacets() {
	const key = document.activeElement?.dataset.key;
	const drawn = [...FACETS.map((facet) => drawFacet(facet, sumByRule(facet))),
		drawFacet(COMPUTER_FACET, sumByComputer())].filter(Boolean);

	byId('facets').replaceChildren(...drawn);
	if (key !== undefined)
		[...byId('facets').querySelectorAll('button')].find((row) => row.dataset.key === key)?.focus();
}

// ---- chips: the filters in force ----------------------------------------

function chip(label, change) {
	const made = button('', {class: 'chip', 'aria-label': `Remove filter ${visible(label)}`}, () => setState(change));

	made.append(element('span', {}, label));
	return made;
}

function without(name, value) {
	const values = new Set(state[name]);

	values.delete(value);
	return {[name]: values};
}

function drawChips() {
	const drawn = [];

	if (state.from !== null)
		drawn.push(chip(`${timeText(state.from)} to ${timeText(state.to)}`, {from: null, to: null}));
	for (const {name} of [...FACETS, COMPUTER_FACET]) {
		for (const value of state[name])
			drawn.push(chip(`${name}: ${facetLabel(name, value)}`, without(name, value)));
	}
	if (state.query.trim() !== '')
		drawn.push(chip(state.query, {query: ''}));
	if (drawn.length > 1)
		drawn.push(button('Clear all', {class: 'chip clear'}, clearFilters));
	byId('chips').replaceChildren(...drawn);
	byId('chips').hidden = drawn.length === 0;
}

function clearFilters() {
	setState({
		query: '', from: null, to: null, level: new Set(), tactic: new Set(), technique: new Set(),
		rule: new Set(), computer: new Set(), suppressed: true,
	});
}
