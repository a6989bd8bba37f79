// SPDX-License-Identifier: Apache-2.0
// Text in the page: whatever a log or a rule says becomes text nodes, never markup.
'use strict';

// Characters that show nothing or turn the reading direction, as escape.c has them.
const UNSEEN = new RegExp('[\\0-\\x1f\\x7f-\\x9f\\xad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f' +
	'\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb' +
	'\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]', 'u');
const UNSEEN_ALL = new RegExp(UNSEEN.source, 'gu');

// The visible form of such a character: \n \r \t \xNN \uNNNN \UNNNNNNNN.
function visibleForm(c) {
	const short = {'\n': '\\n', '\r': '\\r', '\t': '\\t'}[c];
	const code = c.codePointAt(0);
	const hex = code.toString(16);

	if (short !== undefined)
		return short;
	if (code < 0x100)
		return '\\x' + hex.padStart(2, '0');
	return code < 0x10000 ? '\\u' + hex.padStart(4, '0') : '\\U' + hex.padStart(8, '0');
}

// For attributes and other places that take one string.
function visible(text) {
	return UNSEEN.test(text) ? text.replace(UNSEEN_ALL, visibleForm) : text;
}

// Append a text to `parent`. Visible forms are marked, so that nobody takes them for the
// text itself; with `lines` line ends and tabs stay what they are.
function putText(parent, text, lines = false) {
	let start = 0;

	if (!UNSEEN.test(text)) {
		parent.append(text);
		return;
	}
	for (const found of text.matchAll(UNSEEN_ALL)) {
		if (lines && (found[0] === '\n' || found[0] === '\t'))
			continue;
		if (lines && found[0] === '\r' && text[found.index + 1] === '\n') {
			parent.append(text.slice(start, found.index));
			start = found.index + 1;
			continue;
		}
		parent.append(text.slice(start, found.index));
		parent.append(element('span', {class: 'unseen'}, visibleForm(found[0])));
		start = found.index + found[0].length;
	}
	parent.append(text.slice(start));
}

// An element with attributes and children. Names of both are ours; a string among the
// children may be hostile.
function element(name, attributes, ...children) {
	const made = document.createElement(name);

	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (value !== undefined && value !== false)
			made.setAttribute(key, value === true ? '' : value);
	}
	for (const child of children) {
		if (typeof child === 'string')
			putText(made, child);
		else if (child)
			made.append(child);
	}
	return made;
}

function button(label, attributes, onClick) {
	const made = element('button', {type: 'button', ...attributes}, label);

	made.addEventListener('click', onClick);
	return made;
}

function byId(id) {
	return document.getElementById(id);
}

function count(number) {
	return number.toLocaleString('en-US');
}

function plural(number, noun) {
	return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

// ---- time ---------------------------------------------------------------
//
// A time is milliseconds since 1970 and 100 ns units within the millisecond; logs count
// from 1601, and there 0 means that a record has no time.

const FROM_1601 = 11644473600000;
const NO_TIME = -FROM_1601;
const YEAR_10000 = 253402300800000;

// Date is slow, and there are few days.
const dayTexts = new Map();

function dayText(day) {
	if (!dayTexts.has(day))
		dayTexts.set(day, new Date(day * 86400000).toISOString().slice(0, 10));
	return dayTexts.get(day);
}

function digits(number, size) {
	return String(number).padStart(size, '0');
}

// Date, `between`, time of day to the second.
function clockText(ms, between) {
	const day = Math.floor(ms / 86400000);
	const second = Math.floor((ms - day * 86400000) / 1000);

	return dayText(day) + between + digits(Math.floor(second / 3600), 2) + ':' +
		digits(Math.floor(second / 60) % 60, 2) + ':' + digits(second % 60, 2);
}

// ---- zone ---------------------------------------------------------------

// What the clocks of the report's zone show: [milliseconds since 1970, minutes east of UTC
// from then on]..., in order; empty in UTC. data.js fills it.
const zone = [];

function offsetAt(ms) {
	let low = 0;
	let high = zone.length;

	while (high - low > 1) {
		const middle = (low + high) >> 1;

		if (zone[middle][0] <= ms)
			low = middle;
		else
			high = middle;
	}
	return zone.length > 0 ? zone[low][1] : 0;
}

// A time as the clock shows it, as if it were UTC.
function toClock(ms) {
	return ms + offsetAt(ms) * 60000;
}

// And back: the earlier one of two times that the clock shows alike.
function fromClock(clock) {
	const [before, after] = [clock - 86400000, clock + 86400000].map((ms) => clock - offsetAt(ms) * 60000);

	return toClock(before) !== clock && toClock(after) === clock ? after : before;
}

// "+01:00", nothing in UTC.
function offsetText(ms) {
	const minutes = offsetAt(ms);
	const distance = Math.abs(minutes);

	if (zone.length === 0)
		return '';
	return (minutes < 0 ? '-' : '+') + digits(Math.floor(distance / 60), 2) + ':' + digits(distance % 60, 2);
}

// ---- times as text ------------------------------------------------------

function isNoDate(ms, ticks) {
	return (ms === NO_TIME && ticks === 0) || ms >= YEAR_10000;
}

// What a clock shows, "2026-11-23 14:18:52"; a number of ticks past the year 9999, as
// everywhere in evtxscan.
function faceText(ms, ticks = 0) {
	if (ms === NO_TIME && ticks === 0)
		return '';
	if (ms >= YEAR_10000)
		return String(BigInt(ms + FROM_1601) * 10000n + BigInt(ticks));
	return clockText(ms, ' ');
}

// "2026-11-23 14:18:52", or with an offset.
function timeText(ms, ticks = 0) {
	if (isNoDate(ms, ticks))
		return faceText(ms, ticks);
	return clockText(toClock(ms), ' ') + offsetText(ms);
}

// "2026-11-23T14:18:52.1234567Z"
function exactTime(ms, ticks) {
	if (isNoDate(ms, ticks))
		return faceText(ms, ticks);
	return `${clockText(toClock(ms), 'T')}.${digits(ms - Math.floor(ms / 1000) * 1000, 3)}${digits(ticks, 4)}` +
		(offsetText(ms) || 'Z');
}
