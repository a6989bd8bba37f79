// SPDX-License-Identifier: Apache-2.0
// The filter box: which hits does a query leave?
//
// Words are looked for in the texts of a block, each of which is there once, and then
// hits are asked which texts they have. So a word costs one pass over the texts.
'use strict';

// ---- what can be searched -----------------------------------------------

// No text has this between its characters once it is in lower case and joined.
const SEPARATOR = '\0';

// The texts of a block in one string, and for each hit the numbers of those it has.
function indexOf(blockNumber) {
	const block = report.blocks[blockNumber];

	if (block.index === undefined) {
		const parsed = blockOf(blockNumber);

		block.index = {...joinTexts(parsed.strings), ...listTexts(parsed), names: detailNames(parsed)};
	}
	return block.index;
}

function joinTexts(strings) {
	const starts = new Uint32Array(strings.length + 1);
	const lower = new Array(strings.length);
	let length = 0;

	for (let i = 0; i < strings.length; i++) {
		lower[i] = strings[i].toLowerCase();
		starts[i] = length;
		length += lower[i].length + 1;
	}
	starts[strings.length] = length;
	return {joined: lower.join(SEPARATOR), starts};
}

// Values of the record, of the details and of a correlation; firsts[k] is where those of
// hit k begin.
function listTexts({records, hits: raw}) {
	const firsts = new Uint32Array(raw.length + 1);
	const list = [];

	for (let k = 0; k < raw.length; k++) {
		const record = raw[k][0] < 0 ? [0] : records[raw[k][0]];

		firsts[k] = list.length;
		list.push(raw[k][1]);
		for (let at = 1; at < record.length; at++)
			list.push(record[at]);
		for (let d = 0, at = RAW_DETAILS + 2; d < raw[k][RAW_DETAILS]; d++, at += 2)
			list.push(raw[k][at]);
		const correlation = raw[k].at(-1);

		if (typeof correlation === 'object')
			list.push(...correlation.group.filter((_, n) => n % 2 === 1), ...correlation.values);
	}
	firsts[raw.length] = list.length;
	return {texts: Uint32Array.from(list), firsts};
}

// Names of details in lower case, by their numbers.
function detailNames({strings, hits: raw}) {
	const names = new Map();

	for (const hit of raw) {
		for (let d = 0, at = RAW_DETAILS + 1; d < hit[RAW_DETAILS]; d++, at += 2) {
			if (!names.has(hit[at]))
				names.set(hit[at], strings[hit[at]].toLowerCase());
		}
	}
	return names;
}

// Which texts of the block hold the needle: a mark for each.
function markTexts({joined, starts}, needle) {
	const marks = new Uint8Array(starts.length - 1);
	let text = 0;

	if (needle === '')
		return marks.fill(1);
	for (let at = joined.indexOf(needle); at >= 0; at = joined.indexOf(needle, starts[text])) {
		while (starts[text + 1] <= at)
			text++;
		marks[text++] = 1;
		if (text === marks.length)
			break;
	}
	return marks;
}

const ruleTexts = [];

// What a word finds of a rule.
function ruleText(rule) {
	return [rule.title, rule.id, rule.level, rule.file, ...rule.tags, ...rule.tactics, ...rule.techniques]
		.join(SEPARATOR).toLowerCase();
}

// ---- terms --------------------------------------------------------------

// "a b" -> a b, with "" for a quote.
function unquote(text) {
	return text.replace(/"((?:[^"]|"")*)"?/g, (_, inner) => inner.replaceAll('""', '"'));
}

function quote(text) {
	return '"' + text.replaceAll('"', '""') + '"';
}

// The query as terms: {field (or ''), needle, negated}. What stands before a colon is a
// field only if there is one of that name: a path such as C:\Windows is a word.
function parseQuery(query) {
	const terms = [];

	for (const [, negation, token] of query.matchAll(/(!?)((?:[^\s"]|"(?:[^"]|"")*"?)+)/g)) {
		const colon = token.startsWith('"') ? -1 : token.indexOf(':');
		const field = token.slice(0, Math.max(colon, 0)).toLowerCase();
		const known = colon > 0 && isField(field);
		const text = known ? token.slice(colon + 1) : token;

		terms.push({
			field: known ? field : '',
			needle: unquote(text).toLowerCase().replaceAll(SEPARATOR, ''),
			negated: negation === '!',
		});
	}
	return terms;
}

let fieldNames = null;

// Names that records and details have, in lower case.
function isField(name) {
	if (fieldNames === null) {
		fieldNames = new Set();
		report.blocks.forEach((_, b) => indexOf(b).names.forEach((field) => fieldNames.add(field)));
		for (const form of forms)
			form.names.forEach((field) => fieldNames.add(field.toLowerCase()));
	}
	return COLUMNS.has(name) || fieldNames.has(name);
}

// ---- columns ------------------------------------------------------------

// A column whose text depends on a member of the hit: asked once for each of its values.
function memberColumn(member, values, textOf) {
	return (needle) => {
		const found = values.map((value) => textOf(value).toLowerCase().includes(needle));

		return (i) => found[member[i]];
	};
}

function ruleColumn(textOf) {
	return memberColumn(hits.rule, rules, textOf);
}

// Numbers are compared whole: EventID:1 is not 4611.
function numberColumn(member) {
	return (needle) => (i) => String(member[i]) === needle;
}

// As the table or the panel shows it: "2026-11-23 14:18:52", "2026-11-23T14:18:52.1234567Z".
function time(needle) {
	const exact = needle.toUpperCase().replace(' ', 'T');
	const short = exact.replace('T', ' ');

	return (i) => exactTime(hits.ms[i], hits.ticks[i]).includes(exact) ||
		timeText(hits.ms[i], hits.ticks[i]).includes(short);
}

const provider = (needle) => (i) => placeOf(i).provider.toLowerCase().includes(needle);
const suppressed = memberColumn(hits.suppressedBy, texts, (text) => text);
const ruleTitle = ruleColumn((rule) => rule.title);
const ruleTags = ruleColumn((rule) => [...rule.tags, ...rule.tactics, ...rule.techniques].join(SEPARATOR));
const evtxFile = memberColumn(hits.file, files, (file) => file[0]);

// What can be asked for besides the fields of records; the columns' names in CSV too.
const COLUMNS = new Map(Object.entries({
	time, timestamp: time,
	level: ruleColumn((rule) => rule.level),
	computer: memberColumn(hits.computer, texts, (text) => text),
	channel: memberColumn(hits.channel, texts, (text) => text),
	provider,
	eventid: numberColumn(hits.eventId),
	recordid: numberColumn(hits.recordId),
	rule: ruleTitle, ruletitle: ruleTitle,
	ruleid: ruleColumn((rule) => rule.id),
	rulefile: ruleColumn((rule) => rule.file),
	tag: ruleTags, tags: ruleTags,
	file: evtxFile, evtxfile: evtxFile,
	confirmed: memberColumn(hits.confirmed, CONFIRMED, (text) => text),
	suppressed, suppressedby: suppressed,
}));

// ---- matching -----------------------------------------------------------

// For each hit of a block with its place in the block: judge(i, k).
function forBlock(b, judge) {
	const first = report.blocks[b].first;
	const size = blockOf(b).hits.length;

	for (let k = 0; k < size; k++)
		judge(first + k, k);
}

function matchColumn(term, out) {
	const isMatch = COLUMNS.get(term.field)(term.needle);

	for (let i = 0; i < hits.count; i++)
		out[i] = isMatch(i) ? 1 : 0;
}

// Which records of the block hold the text in a field of that name.
function recordsWith(field, {records}, marks) {
	const positions = new Map();

	return records.map((record) => {
		let at = positions.get(record[0]);

		if (at === undefined) {
			at = [];
			forms[record[0]].names.forEach((name, k) => {
				if (name.toLowerCase() === field)
					at.push(k + 1);
			});
			positions.set(record[0], at);
		}
		return at.some((k) => marks[record[k]] === 1);
	});
}

function matchField(term, out) {
	report.blocks.forEach((_, b) => {
		const parsed = blockOf(b);
		const {names} = indexOf(b);
		const marks = markTexts(indexOf(b), term.needle);
		const isName = new Uint8Array(marks.length);
		const found = recordsWith(term.field, parsed, marks);

		names.forEach((name, text) => isName[text] = name === term.field ? 1 : 0);
		forBlock(b, (i, k) => {
			const raw = parsed.hits[k];
			let yes = raw[0] >= 0 && found[raw[0]];

			for (let d = 0, at = RAW_DETAILS + 1; !yes && d < raw[RAW_DETAILS]; d++, at += 2)
				yes = isName[raw[at]] === 1 && marks[raw[at + 1]] === 1;
			out[i] = yes ? 1 : 0;
		});
	});
}

// Records have their time among their fields; alerts of correlations do not.
function ownTime(i) {
	return exactTime(hits.ms[i], hits.ticks[i]).toLowerCase();
}

function matchAnywhere(term, out) {
	const {needle} = term;
	const ruleHas = rules.map((rule, r) => (ruleTexts[r] ??= ruleText(rule)).includes(needle));
	const textHas = texts.map((text) => text.toLowerCase().includes(needle));
	const fileHas = files.map((file) => file[0].toLowerCase().includes(needle));

	report.blocks.forEach((_, b) => {
		const raw = blockOf(b).hits;
		const index = indexOf(b);
		const marks = markTexts(index, needle);

		forBlock(b, (i, k) => {
			let yes = ruleHas[hits.rule[i]] || textHas[hits.computer[i]] || textHas[hits.channel[i]] ||
				textHas[hits.suppressedBy[i]] || fileHas[hits.file[i]];

			for (let at = index.firsts[k]; !yes && at < index.firsts[k + 1]; at++)
				yes = marks[index.texts[at]] === 1;
			out[i] = yes || (raw[k][0] < 0 && ownTime(i).includes(needle)) ? 1 : 0;
		});
	});
}

// Answers to the last terms: who types on asks the first words again and again.
const answers = new Map();
const ANSWERS_MOST = 32;

function matchTerm(term) {
	const key = `${term.field}:${term.needle}`;
	let found = answers.get(key);

	if (found === undefined) {
		found = new Uint8Array(hits.count);
		if (COLUMNS.has(term.field))
			matchColumn(term, found);
		else if (term.field !== '')
			matchField(term, found);
		else
			matchAnywhere(term, found);
		if (answers.size === ANSWERS_MOST)
			answers.delete(answers.keys().next().value);
		answers.set(key, found);
	}
	return found;
}

// A mark for each hit that all terms leave; null: the query leaves all.
function matchQuery(query) {
	const terms = parseQuery(query);
	let left = null;

	for (const term of terms) {
		const found = matchTerm(term);

		left ??= new Uint8Array(hits.count).fill(1);
		for (let i = 0; i < hits.count; i++)
			left[i] &= term.negated ? 1 - found[i] : found[i];
	}
	return left;
}
