// SPDX-License-Identifier: Apache-2.0
// The hits: blocks of JSON, written by html_hits.c, whose header says what stands where.
//
// What the table and the charts need is read at once, into one array for each member.
// The rest of a block is parsed when somebody looks at one of its hits, or searches.
'use strict';

const ROW = 10;
const LEVELS = ['critical', 'high', 'medium', 'low', 'informational', ''];
const CONFIRMED = ['off', 'yes', 'differs', 'unreadable', 'recovered'];

function readJson(script) {
	const value = JSON.parse(script.textContent);

	script.remove(); // the text is not needed twice
	return value;
}

// Numbers of a dictionary's items. An item that stands for itself gets one here.
function numbering(items) {
	const known = new Map();

	return (value) => {
		if (typeof value === 'number')
			return value;
		const key = typeof value === 'string' ? value : JSON.stringify(value);
		let number = known.get(key);

		if (number === undefined) {
			number = items.push(value) - 1;
			known.set(key, number);
		}
		return number;
	};
}

function newHits(size) {
	return {
		count: size,
		ms: new Float64Array(size),
		ticks: new Uint16Array(size),
		rule: new Uint32Array(size),
		computer: new Uint32Array(size),
		channel: new Uint32Array(size),
		eventId: new Float64Array(size),
		recordId: new Array(size),
		file: new Uint32Array(size),
		confirmed: new Uint8Array(size),
		suppressedBy: new Uint32Array(size),
		block: new Uint32Array(size),
	};
}

function readRows(report, rows, blockNumber, first) {
	const {hits, number} = report;

	for (let at = 0, i = first; at < rows.length; at += ROW, i++) {
		report.clock += rows[at];
		hits.ms[i] = report.clock - FROM_1601;
		hits.ticks[i] = rows[at + 1];
		hits.rule[i] = number.rule(rows[at + 2]);
		hits.computer[i] = number.text(rows[at + 3]);
		hits.channel[i] = number.text(rows[at + 4]);
		hits.eventId[i] = rows[at + 5];
		hits.recordId[i] = rows[at + 6];
		hits.file[i] = number.file(rows[at + 7]);
		hits.confirmed[i] = rows[at + 8];
		hits.suppressedBy[i] = number.text(rows[at + 9]);
		hits.block[i] = blockNumber;
	}
	return first + rows.length / ROW;
}

function loadReport() {
	const {rules, texts, files, forms, hits: size, leftOut, zone: offsets = []} = readJson(byId('dictionary'));
	const number = {
		rule: numbering(rules), text: numbering(texts),
		file: numbering(files), form: numbering(forms),
	};
	const details = [...document.querySelectorAll('script.details')];
	const report = {
		rules, texts, files, forms, number, leftOut,
		hits: newHits(size), blocks: [], clock: 0,
	};
	let first = 0;

	zone.push(...offsets.map(([since, minutes]) => [since - FROM_1601, minutes]));
	for (const [i, rows] of [...document.querySelectorAll('script.rows')].entries()) {
		report.blocks.push({first, script: details[i], parsed: null});
		first = readRows(report, readJson(rows), i, first);
	}
	return report;
}

const report = loadReport();
const {hits, rules, texts, files, forms} = report;

// ---- details ------------------------------------------------------------

// {strings, records, hits} of a block; a record is [form, value...].
function blockOf(number) {
	const block = report.blocks[number];

	if (block.parsed === null) {
		block.parsed = readJson(block.script);
		block.script = null;
		for (const record of block.parsed.records)
			record[0] = report.number.form(record[0]);
	}
	return block.parsed;
}

function rawHit(i) {
	return blockOf(hits.block[i]).hits[i - report.blocks[hits.block[i]].first];
}

// Members of a raw hit before its lists.
const RAW_DETAILS = 7;

// [[name, value]...] of what the rule shows of the event.
function detailsOf(i) {
	const {strings} = blockOf(hits.block[i]);
	const raw = rawHit(i);
	const pairs = [];

	for (let k = 0, at = RAW_DETAILS + 1; k < raw[RAW_DETAILS]; k++, at += 2)
		pairs.push([strings[raw[at]], strings[raw[at + 1]]]);
	return pairs;
}

function matchesOf(i) {
	const {strings} = blockOf(hits.block[i]);
	const raw = rawHit(i);
	const matches = [];
	let at = RAW_DETAILS + 1 + 2 * raw[RAW_DETAILS];

	for (let left = raw[at++]; left > 0; left--, at += 4) {
		const [selection, field, value, pattern] = raw.slice(at, at + 4).map((s) => strings[s]);

		matches.push({selection, field, value, pattern});
	}
	return matches;
}

// The correlation object, with numbers of strings; undefined for ordinary hits.
function rawCorrelation(i) {
	const last = rawHit(i).at(-1);

	return typeof last === 'object' ? last : undefined;
}

function correlationOf(i) {
	const raw = rawCorrelation(i);
	const {strings} = blockOf(hits.block[i]);

	if (!raw)
		return undefined;
	return {
		...raw,
		group: raw.group.map((s) => strings[s]), // name, value, name, value, ...
		values: raw.values.map((s) => strings[s]),
		records: raw.records.map((r) => ({
			ms: r[0] - FROM_1601, ticks: r[1], ruleId: strings[r[2]], computer: strings[r[3]],
			channel: strings[r[4]], recordId: r[5], file: strings[r[6]],
		})),
	};
}

// [{name, path, value}...] of the record, and the texts between them as XML.
function recordOf(i) {
	const {strings, records} = blockOf(hits.block[i]);
	const number = rawHit(i)[0];

	if (number < 0)
		return {fields: [], xml: []};
	const [formNumber, ...values] = records[number];
	const form = forms[formNumber];

	return {
		fields: values.map((s, k) => ({name: form.names[k], path: form.paths[k], value: strings[s]})),
		xml: form.xml,
	};
}

function placeOf(i) {
	const {strings} = blockOf(hits.block[i]);
	const [, provider, view, headerId, chunk, offset, carved] = rawHit(i);

	return {
		provider: strings[provider], view: strings[view],
		headerId, chunk, offset, carved: carved !== 0,
	};
}

// ---- in words -----------------------------------------------------------

function levelOf(i) {
	return rules[hits.rule[i]].level;
}

function isSuppressed(i) {
	return texts[hits.suppressedBy[i]] !== '';
}

function shortChannel(channel) {
	return channel.replace(/^Microsoft-Windows-/, '');
}

// As long as a row of the table can show, and a little more.
const DETAILS_SHOWN = 400;

// Details that other columns show.
const ELSEWHERE = new Set(['EventID', 'Channel', 'Provider_Name']);

// What a row shows of the details. A rule that looks at nothing but the kind of event
// says little; then the event's own data do.
function shownDetails(i) {
	const details = detailsOf(i).filter(([name]) => !ELSEWHERE.has(name));

	if (details.length > 0)
		return details;
	return recordOf(i).fields.filter(({path, value}) => !path.startsWith('System/') && value !== '')
		.map(({name, value}) => [name, value]);
}

function detailsText(i) {
	let text = '';

	for (const [name, value] of shownDetails(i)) {
		text += (text === '' ? '' : ' ¦ ') + name + ': ' + value;
		if (text.length > DETAILS_SHOWN)
			break;
	}
	return text;
}
