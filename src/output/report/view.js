// SPDX-License-Identifier: Apache-2.0
// What is shown: the filters, the order, the open hit; and all of it in the address.
'use strict';

const state = {
	view: 'hits',	 // or 'account'
	query: '',
	from: null, to: null, // milliseconds; `to` is the first that is out
	level: new Set(), tactic: new Set(), technique: new Set(),
	rule: new Set(), // numbers
	computer: new Set(), // numbers of texts
	suppressed: true, // are shown
	sort: 'time', descending: false,
	open: -1, // hit in the panel
};

// What the filters leave, kept for those who draw it.
const shown = {
	order: new Uint32Array(0), // hits in their order
	anyTime: new Uint8Array(0), // marks of hits that all filters but the time leave
	ruleBits: [],	// filters by rule that each rule fails
	byRule: null,	// hits of each rule that all filters but those by rule leave
	byComputer: null, // hits of each computer that all filters but that by computer leave
};

// ---- filters ------------------------------------------------------------

// A bit for each filter that a hit fails; a facet's own bit does not count for its counts.
const BY_QUERY = 1, BY_TIME = 2, BY_SUPPRESSION = 4, BY_COMPUTER = 8;
const FACETS = [
	{name: 'level', bit: 16, title: 'Level', valuesOf: (rule) => [rule.level]},
	{name: 'tactic', bit: 32, title: 'ATT&CK tactic', valuesOf: (rule) => rule.tactics},
	{name: 'technique', bit: 64, title: 'ATT&CK technique', valuesOf: (rule) => rule.techniques},
	{name: 'rule', bit: 128, title: 'Rule', valuesOf: (rule, number) => [number]},
];
const COMPUTER_FACET = {name: 'computer', bit: BY_COMPUTER, title: 'Computer'};

// Bits that depend on the rule alone.
function ruleBits() {
	return rules.map((rule, number) => {
		let bits = 0;

		for (const {name, bit, valuesOf} of FACETS) {
			if (state[name].size > 0 && !valuesOf(rule, number).some((value) => state[name].has(value)))
				bits |= bit;
		}
		return bits;
	});
}

function isOutsideTime(i) {
	return state.from !== null && !(hits.ms[i] >= state.from && hits.ms[i] < state.to);
}

// Bits that depend on the hit itself.
function hitBits(i, query) {
	return (query !== null && query[i] === 0 ? BY_QUERY : 0) |
		(isOutsideTime(i) ? BY_TIME : 0) |
		(!state.suppressed && isSuppressed(i) ? BY_SUPPRESSION : 0) |
		(state.computer.size > 0 && !state.computer.has(hits.computer[i]) ? BY_COMPUTER : 0);
}

// Evaluate all filters.
function applyFilters() {
	const query = matchQuery(state.query);
	const order = sortedHits();
	const kept = new Uint32Array(hits.count);
	let size = 0;

	shown.ruleBits = ruleBits();
	shown.byRule = new Uint32Array(rules.length);
	shown.byComputer = new Uint32Array(texts.length);
	shown.anyTime = new Uint8Array(hits.count);
	for (let n = 0; n < order.length; n++) {
		const i = order[n];
		const bits = hitBits(i, query);

		shown.byRule[hits.rule[i]] += bits === 0 ? 1 : 0;
		if (shown.ruleBits[hits.rule[i]] !== 0)
			continue;
		shown.anyTime[i] = (bits & ~BY_TIME) === 0 ? 1 : 0;
		shown.byComputer[hits.computer[i]] += (bits & ~BY_COMPUTER) === 0 ? 1 : 0;
		if (bits === 0)
			kept[size++] = i;
	}
	shown.order = kept.subarray(0, size);
}

function isFiltered() {
	return state.query.trim() !== '' || state.from !== null || !state.suppressed ||
		[...FACETS, COMPUTER_FACET].some(({name}) => state[name].size > 0);
}

// ---- order --------------------------------------------------------------

// Ranks of texts among all that occur, so that hits are compared by numbers.
function rankTexts(values) {
	const rank = new Map([...new Set(values)].sort().map((value, r) => [value, r]));

	return values.map((value) => rank.get(value));
}

function ranksBy(member, ranks) {
	return (i) => ranks[member[i]];
}

let detailRanks = null; // of all hits

// Hits come in order of time; equal times get equal ranks.
function timeRanks() {
	const ranks = new Uint32Array(hits.count);

	for (let i = 1; i < hits.count; i++) {
		const same = hits.ms[i] === hits.ms[i - 1] && hits.ticks[i] === hits.ticks[i - 1];

		ranks[i] = same ? ranks[i - 1] : i;
	}
	return ranks;
}

const lower = (text) => text.toLowerCase();
// A level sorts by what it means, highest first in descending order.
const RANKS = {
	time: () => {
		const ranks = timeRanks();

		return (i) => ranks[i];
	},
	level: () => ranksBy(hits.rule, rules.map((rule) => -LEVELS.indexOf(rule.level))),
	computer: () => ranksBy(hits.computer, rankTexts(texts.map(lower))),
	channel: () => {
		const ranks = rankTexts(texts.map((text) => lower(shortChannel(text))));

		return (i) => ranks[hits.channel[i]] * 4294967296 + hits.eventId[i] + 1;
	},
	rule: () => ranksBy(hits.rule, rankTexts(rules.map((rule) => lower(rule.title)))),
	details: () => {
		detailRanks ??= rankTexts(Array.from({length: hits.count}, (_, i) => lower(detailsText(i))));
		return (i) => detailRanks[i];
	},
};

const orders = new Map(); // by column and direction

// All hits in the chosen order. Equal ones stay in order of time: the rank among the ranks
// that occur and the place make one number, which sorts faster than any comparison.
function sortedHits() {
	const key = `${state.sort} ${state.descending}`;

	if (!orders.has(key)) {
		const size = hits.count;
		const rankOf = RANKS[state.sort]();
		const ranks = Float64Array.from({length: size}, (_, i) => rankOf(i));
		const dense = new Map([...new Set(ranks)].sort((a, b) => a - b).map((rank, r) => [rank, r]));
		const keys = ranks.map((rank, i) => {
			const r = dense.get(rank);

			return (state.descending ? dense.size - 1 - r : r) * size + i;
		});

		orders.set(key, Uint32Array.from(keys.sort(), (k) => k % size));
	}
	return orders.get(key);
}

// ---- the address --------------------------------------------------------

function ruleName(number) {
	return rules[number].id || rules[number].title;
}

// Browsers refuse to change the address too often: it follows when nothing has changed
// for a moment.
const ADDRESS_DELAY = 200;
let addressTimer = 0;

function writeAddress() {
	clearTimeout(addressTimer);
	addressTimer = setTimeout(() => history.replaceState(null, '', '#' + addressText()), ADDRESS_DELAY);
}

function addressText() {
	const out = new URLSearchParams();
	const put = (key, value, is) => is && out.set(key, value);

	put('view', state.view, state.view !== 'hits');
	put('q', state.query, state.query.trim() !== '');
	put('from', state.from, state.from !== null);
	put('to', state.to, state.from !== null);
	for (const name of ['level', 'tactic', 'technique'])
		state[name].forEach((value) => out.append(name, value));
	state.rule.forEach((number) => out.append('rule', ruleName(number)));
	state.computer.forEach((number) => out.append('computer', texts[number]));
	put('suppressed', 'no', !state.suppressed);
	put('sort', (state.descending ? '-' : '') + state.sort, state.sort !== 'time' || state.descending);
	put('hit', state.open + 1, state.open >= 0);
	return out.toString();
}

function wholeNumber(text) {
	return /^-?\d{1,15}$/.test(text ?? '') ? Number(text) : null;
}

function readAddress() {
	const address = new URLSearchParams(location.hash.slice(1));
	const sort = (address.get('sort') ?? '').replace(/^-/, '');
	const hit = wholeNumber(address.get('hit'));
	const names = address.getAll('rule');
	const computers = address.getAll('computer');
	const numbers = (list, isWanted) => new Set([...list.keys()].filter(isWanted));

	clearTimeout(addressTimer);
	state.view = address.get('view') === 'account' ? 'account' : 'hits';
	state.query = address.get('q') ?? '';
	state.from = wholeNumber(address.get('from'));
	state.to = wholeNumber(address.get('to'));
	if (state.from === null || state.to === null)
		state.from = state.to = null;
	for (const name of ['level', 'tactic', 'technique'])
		state[name] = new Set(address.getAll(name));
	state.rule = names.length > 0 ? numbers(rules, (number) => names.includes(ruleName(number))) : new Set();
	state.computer = computers.length > 0 ? numbers(texts, (number) => computers.includes(texts[number])) : new Set();
	state.suppressed = address.get('suppressed') !== 'no';
	state.sort = Object.hasOwn(RANKS, sort) ? sort : 'time';
	state.descending = (address.get('sort') ?? '').startsWith('-');
	state.open = hit !== null && hit >= 1 && hit <= hits.count ? hit - 1 : -1;
}
