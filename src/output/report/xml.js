// SPDX-License-Identifier: Apache-2.0
// The record as XML: put together as `evtxscan dump -t xml` does, and set for reading.
'use strict';

const XML_REFERENCES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};

// As escape_xml() in escape.c.
function escapeXml(text) {
	return text.replace(/[&<>"]/g, (c) => XML_REFERENCES[c])
		.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
		.replace(/[\t\n\r\x7f-\x9f\u2028\u2029]/g, (c) => `&#${c.codePointAt(0)};`);
}

// On one line, as it is copied.
function xmlOf({fields, xml}) {
	let out = xml[0] ?? '';

	fields.forEach(({value}, k) => out += escapeXml(value) + xml[k + 1]);
	return out.trimEnd(); // of the line end between records
}

// The parts of it, with the depth of those that begin a line: [{text, isTag, depth}...].
// An element with text alone stays on one line.
function xmlParts(xml) {
	const parts = [];
	let depth = 0;

	for (const [text] of xml.matchAll(/<[^>]*>|[^<]+/g)) {
		const isTag = text.startsWith('<');
		const isEnd = text.startsWith('</');
		const before = parts.at(-1);

		depth -= isEnd ? 1 : 0;
		parts.push({
			text, isTag,
			depth: !isTag || (isEnd && before !== undefined && !before.isEnd && !before.isAlone) ? -1 : depth,
			isEnd, isAlone: text.endsWith('/>'),
		});
		depth += isTag && !isEnd && !text.endsWith('/>') ? 1 : 0;
	}
	return parts;
}

function putXml(parent, xml) {
	for (const {text, isTag, depth} of xmlParts(xml)) {
		if (depth >= 0)
			parent.append((parent.firstChild === null ? '' : '\n') + '  '.repeat(Math.min(depth, 40)));
		parent.append(isTag ? element('span', {class: 'xml-tag'}, text) : element('span', {}, text));
	}
}
