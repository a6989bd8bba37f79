// SPDX-License-Identifier: Apache-2.0
// The panel: everything that is known of one hit.
'use strict';

const VALUE_SHOWN = 2000; // characters, unless all are asked for

const CONFIRMED_MEANS = {
	yes: 'A second, independent reader (libevtx) read the record too, and on what it read the rule hits as well.',
	differs: 'The second reader (libevtx) reads this record differently, so that the rule does not hit. ' +
		'Compare with `evtxscan verify`; the account of the scan names the first field that differs.',
	unreadable: 'The second reader (libevtx) cannot read this record: the hit rests on one reader.',
	off: 'The record was not read a second time (--no-confirm).',
	recovered: 'The record is no live one: it was found where records are in no use any more, ' +
		'and nothing vouches for it but its own form.',
};
// An alert of a correlation is as good as the worst of its records.
const ALERT_CONFIRMED_MEANS = {
	yes: 'A second, independent reader (libevtx) read all its records too, and their rules hit on what it read.',
	differs: 'The second reader (libevtx) reads at least one of its records differently: there the rule does not hit.',
	unreadable: 'The second reader (libevtx) cannot read at least one of its records.',
	off: 'Its records were not read a second time (--no-confirm).',
	recovered: 'At least one of its records is no live one: it was found where records are in no use any more.',
};

// ---- parts --------------------------------------------------------------

function section(title, ...children) {
	const content = children.filter(Boolean);

	return content.length > 0 ? element('section', {}, element('h3', {}, title), ...content) : null;
}

// A value with its line ends; of a long one the beginning.
function valueNode(text) {
	const node = element('span', {class: 'value'});

	putText(node, text.slice(0, VALUE_SHOWN), true);
	if (text.length > VALUE_SHOWN) {
		node.append('… ', button(`Show all ${count(text.length)} characters`, {class: 'small'}, () => {
			node.replaceChildren();
			putText(node, text, true);
		}));
	}
	return node;
}

// Terms and their texts or nodes; empty ones are left out.
function list(pairs) {
	const rows = pairs.filter(([, value]) => value !== '' && value !== null && value !== undefined);

	return rows.length > 0 ? element('dl', {class: 'pairs'}, ...rows.flatMap(([name, value]) =>
		[element('dt', {}, name), element('dd', {}, typeof value === 'string' ? valueNode(value) : value)])) : null;
}

// Only web addresses are links, and opening one does not say where from.
function linkOrText(text) {
	if (!/^https?:\/\/[^\s]+$/i.test(text) || UNSEEN.test(text))
		return element('span', {}, text);
	return element('a', {href: text, rel: 'noreferrer noopener', target: '_blank'}, text);
}

function texted(items, nodeOf) {
	return items.length > 0 ? element('ul', {}, ...items.map((item) => element('li', {}, nodeOf(item)))) : null;
}

// ---- fields -------------------------------------------------------------

// Is this what the rule matched on? A field that a log source gives another name is
// known by its value, if that is long enough not to be found by chance.
function isMatched(field, fields, matches) {
	const same = (a, b) => a.toLowerCase() === b.toLowerCase();

	return matches.some((match) => {
		if (match.field !== '' && fields.some(({name}) => same(name, match.field)))
			return same(field.name, match.field) && field.value === match.value;
		return field.value === match.value && field.value.length >= 4;
	});
}

// Add to the query that the field has this value, up to what cannot be typed.
function filterFor({name, value}) {
	const typed = value.split(UNSEEN)[0].slice(0, 200);

	return button('⌕', {
		class: 'small filter-for', title: 'Filter for this value', 'aria-label': `Filter for ${visible(name)}`,
	}, () => setState({query: `${state.query.trim()} ${name}:${quote(typed)}`.trim()}));
}

function fieldTable(fields, all, matches) {
	const rows = fields.map((field) => {
		const matched = isMatched(field, all, matches);

		return element('tr', {class: matched && 'matched'},
			element('th', {scope: 'row', title: visible(field.path)}, field.name),
			element('td', {}, matched ? element('mark', {}, valueNode(field.value)) : valueNode(field.value)),
			element('td', {class: 'tools'}, filterFor(field)));
	});

	return rows.length > 0 ? element('table', {class: 'fields'}, element('tbody', {}, ...rows)) : null;
}

function fieldSections(fields, matches) {
	const isSystem = ({path}) => path.startsWith('System/');
	const system = fields.filter(isSystem);

	return [
		section('Fields', fieldTable(fields.filter((field) => !isSystem(field)), fields, matches)),
		section('System', fieldTable(system, fields, matches)),
	];
}

function matchTable(matches) {
	if (matches.length === 0)
		return null;
	return element('table', {class: 'matches'},
		element('thead', {}, element('tr', {}, ...['Selection', 'Field', 'Value', 'Asked for']
			.map((head) => element('th', {scope: 'col'}, head)))),
		element('tbody', {}, ...matches.map(({selection, field, value, pattern}) => element('tr', {},
			element('td', {}, selection), element('td', {}, field || '(keyword)'),
			element('td', {}, element('mark', {}, valueNode(value))),
			element('td', {}, valueNode(pattern))))));
}

// ---- records with several hits ------------------------------------------

let byRecord = null;	 // hits of a record
let byMember = null;	 // correlations that count a record

function recordKey(file, recordId, ms, ticks) {
	return [file, recordId, ms, ticks].join(SEPARATOR);
}

function keyOf(i) {
	return recordKey(files[hits.file[i]][0], hits.recordId[i], hits.ms[i], hits.ticks[i]);
}

function push(map, key, value) {
	if (map.has(key))
		map.get(key).push(value);
	else
		map.set(key, [value]);
}

function indexRecords() {
	if (byRecord !== null)
		return;
	byRecord = new Map();
	byMember = new Map();
	for (let i = 0; i < hits.count; i++) {
		if (!rules[hits.rule[i]].correlation) {
			push(byRecord, keyOf(i), i);
			continue;
		}
		for (const record of correlationOf(i)?.records ?? [])
			push(byMember, recordKey(record.file, record.recordId, record.ms, record.ticks), i);
	}
}

function hitLink(i) {
	const link = button('', {class: 'hit-link'}, () => goTo(i));

	link.append(levelChip(levelOf(i)),
		element('span', {}, `${timeText(hits.ms[i], hits.ticks[i])} `, rules[hits.rule[i]].title));
	return link;
}

// Open a hit wherever it is; the table follows if the filters leave it.
function goTo(i) {
	const place = placeOfHit(i);

	if (place >= 0) {
		table.active = place;
		scrollToPlace(place);
	}
	openHit(i, true);
}

function relatedSections(i) {
	indexRecords();
	if (rules[hits.rule[i]].correlation)
		return [];
	const others = byRecord.get(keyOf(i)).filter((other) => other !== i);
	const counting = byMember.get(keyOf(i)) ?? [];

	return [
		section('Other hits of this record', texted(others, hitLink)),
		section('Counted by correlations', texted(counting.slice(0, 100), hitLink)),
	];
}

// ---- correlations -------------------------------------------------------

function memberRow(record) {
	const found = byRecord.get(recordKey(record.file, record.recordId, record.ms, record.ticks)) ?? [];
	const rule = rules.find(({id}) => id === record.ruleId && id !== '');
	const links = found.length > 0 && element('span', {}, ...found.map(hitLink));

	return element('tr', {},
		element('td', {}, exactTime(record.ms, record.ticks)),
		element('td', {}, record.computer),
		element('td', {title: visible(record.file)}, `${shortChannel(record.channel)}, record ${record.recordId}`),
		element('td', {}, links || (rule?.title ?? record.ruleId)));
}

function memberTable({records, recordTotal}) {
	const all = plural(recordTotal, 'record');

	indexRecords();
	return element('details', {open: records.length <= 20},
		element('summary', {}, recordTotal > records.length ? `The first ${count(records.length)} of ${all}` : all),
		element('table', {class: 'members'},
			element('thead', {}, element('tr', {}, ...['Time', 'Computer', 'Record', 'Hit']
				.map((head) => element('th', {scope: 'col'}, head)))),
			element('tbody', {}, ...records.map(memberRow))));
}

function correlationSection(i) {
	const found = correlationOf(i);

	if (!found)
		return null;
	const group = [];

	for (let at = 0; at < found.group.length; at += 2)
		group.push([found.group[at], found.group[at + 1]]);
	const moment = ([ms, ticks]) => exactTime(ms - FROM_1601, ticks);
	const more = found.valueTotal - found.values.length;

	return section('Correlation',
		list([['Type', found.type], ...group, ['Value', String(found.value)], ['First', moment(found.first)],
			['Trigger', moment(found.trigger)], ['Last', moment(found.last)],
			['Distinct values', found.valueTotal > 0 ? texted(found.values, valueNode) : null],
			['', more > 0 ? `and ${count(more)} more` : '']]),
		memberTable(found));
}

// ---- the rest -----------------------------------------------------------

function ruleSection(rule) {
	return section('Rule',
		rule.description !== '' && element('div', {class: 'description'}, valueNode(rule.description)),
		list([
			['False positives', texted(rule.falsepositives, (text) => valueNode(text))],
			['References', texted(rule.references, linkOrText)],
			['ATT&CK', [...rule.tactics, ...rule.techniques].join(', ')], ['Tags', rule.tags.join(', ')],
			['Risk', rule.risk >= 0 ? String(rule.risk) : ''], ['Status', rule.status], ['Author', rule.author],
			['Created', rule.date], ['Modified', rule.modified], ['Id', rule.id], ['File', rule.file],
			...rule.attributes,
		]));
}

function evidenceSection(i) {
	const place = placeOf(i);
	const [path, hash] = files[hits.file[i]];

	return section('Evidence', list([
		['File', path], ['SHA-256', hash], ['Chunk', place.chunk === null ? '' : String(place.chunk)],
		['Offset', place.offset === null ? '' : String(place.offset)],
		['EventRecordID', String(hits.recordId[i])], ['Id in the record header', String(place.headerId)],
		['Carved', place.carved ? 'yes: recovered from unused space' : 'no'],
		['View of the log source', place.view],
	]));
}

function confirmationSection(i) {
	const name = CONFIRMED[hits.confirmed[i]];
	const means = rules[hits.rule[i]].correlation ? ALERT_CONFIRMED_MEANS : CONFIRMED_MEANS;

	return section('Confirmation', element('p', {class: `confirmed ${name}`},
		element('strong', {}, name), ` ${means[name]}`));
}

async function copy(text, done) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = element('textarea', {});

		area.value = text;
		byId('panel').append(area);
		area.select();
		document.execCommand('copy');
		area.remove();
	}
	done.textContent = 'Copied';
}

function xmlSection(record) {
	if (record.xml.length === 0)
		return null;
	const xml = xmlOf(record);
	const set = element('pre', {tabindex: '0'});
	const copied = button('Copy', {class: 'small', id: 'copy-xml'}, () => copy(xml, copied));

	putXml(set, xml);
	return section('XML', copied, set);
}

// ---- the panel ----------------------------------------------------------

function panelHead(i) {
	const place = placeOfHit(i);
	const where = place < 0 ? 'not among the filtered hits' : `${count(place + 1)} of ${count(shown.order.length)}`;
	const step = (label, name, by) => button(label, {
		'aria-label': name, title: name, disabled: place < 0 || place + by < 0 || place + by >= shown.order.length,
	}, () => {
		table.active = placeOfHit(i);
		moveTo(table.active + by);
	});

	return element('header', {},
		element('div', {class: 'panel-tools'}, levelChip(levelOf(i)),
			element('span', {class: 'place'}, where),
			step('↑', 'Hit before', -1), step('↓', 'Next hit', 1),
			button('✕', {'aria-label': 'Close', title: 'Close (Escape)', id: 'panel-close'}, closePanel)),
		element('h2', {}, rules[hits.rule[i]].title || '(no title)'));
}

function drawPanel() {
	const i = state.open;
	const panel = byId('panel');

	document.body.classList.toggle('with-panel', i >= 0);
	panel.hidden = i < 0;
	if (i < 0) {
		panel.replaceChildren();
		return;
	}
	const matches = matchesOf(i);
	const record = recordOf(i);
	const parts = [
		list([
			['Time', exactTime(hits.ms[i], hits.ticks[i]) || 'none'], ['Computer', texts[hits.computer[i]]],
			['Channel', texts[hits.channel[i]]], ['Event id', hits.eventId[i] < 0 ? '' : String(hits.eventId[i])],
			['Provider', placeOf(i).provider],
		]),
		isSuppressed(i) && element('p', {class: 'silenced-by'}, element('strong', {}, 'Suppressed'), ' by ',
			texts[hits.suppressedBy[i]]),
		section('Matched on', matchTable(matches)),
		correlationSection(i), ...fieldSections(record.fields, matches), ...relatedSections(i),
		ruleSection(rules[hits.rule[i]]), confirmationSection(i), evidenceSection(i), xmlSection(record),
	];

	panel.replaceChildren(panelHead(i),
		element('div', {class: 'panel-body', tabindex: '0', role: 'group', 'aria-label': 'Details'}, ...parts));
}

// Show a hit in the panel; with `focus` the keyboard goes there too.
function openHit(i, focus = false) {
	state.open = i;
	drawPanel();
	drawRows();
	writeAddress();
	if (focus)
		byId('panel').focus({preventScroll: true});
}

function closePanel() {
	state.open = -1;
	drawPanel();
	drawRows();
	writeAddress();
	byId('table').focus({preventScroll: true});
}
