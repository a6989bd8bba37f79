// SPDX-License-Identifier: Apache-2.0
// The timeline: hits over time, stacked by level; a part of it can be chosen.
'use strict';

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7 * DAY;
const STEPS = [
	SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR,
	6 * HOUR, DAY, WEEK, 4 * WEEK, 52 * WEEK,
];
const BUCKETS_MOST = 300;
const TICKS_MOST = 8;
const CHART = {height: 84, axis: 16};
const SVG = 'http://www.w3.org/2000/svg';
// 1970 began on a Thursday; weeks begin on Mondays.
const MONDAY = -3 * DAY;

const chart = {
	start: 0, step: SECOND, // of the buckets, by the clock of the zone
	buckets: [],		// counts by level, as LEVELS
	width: 1000,		// pixels
	cursor: -1, anchor: -1, // buckets of the keyboard or the pointer
	drag: false,
};

// ---- buckets ------------------------------------------------------------

// First and last time, by the clock, of the hits that all filters but the time leave, or null.
function timeRange() {
	let first = Infinity;
	let last = -Infinity;

	if (state.from !== null)
		return [toClock(state.from), Math.max(toClock(state.from), toClock(state.to - 1))];
	for (let i = 0; i < hits.count; i++) {
		const ms = toClock(hits.ms[i]);

		if (shown.anyTime[i] === 0 || hits.ms[i] === NO_TIME)
			continue;
		first = Math.min(first, ms);
		last = Math.max(last, ms);
	}
	return first <= last ? [first, last] : null;
}

function chooseStep(first, last) {
	const least = (last - first + 1) / BUCKETS_MOST;
	let step = STEPS.find((candidate) => candidate >= least);

	// Clocks can be wrong by millennia.
	for (step ??= 10 * 52 * WEEK; step < least; step *= 10)
		;
	return step;
}

function floorTo(ms, step) {
	const origin = step >= WEEK ? MONDAY : 0;

	return Math.floor((ms - origin) / step) * step + origin;
}

function fillBuckets() {
	const range = timeRange();

	chart.buckets = [];
	if (range === null)
		return;
	chart.step = chooseStep(...range);
	chart.start = floorTo(range[0], chart.step);
	for (let at = chart.start; at <= range[1]; at += chart.step)
		chart.buckets.push(new Uint32Array(LEVELS.length));
	for (let i = 0; i < hits.count; i++) {
		const bucket = Math.floor((toClock(hits.ms[i]) - chart.start) / chart.step);

		if (shown.anyTime[i] === 1 && !isOutsideTime(i) && bucket >= 0 && bucket < chart.buckets.length)
			chart.buckets[bucket][LEVEL_NUMBERS[hits.rule[i]]]++;
	}
}

// By rule; a level that Sigma does not have counts as none.
const LEVEL_NUMBERS = rules.map(({level}) => LEVELS.includes(level) ? LEVELS.indexOf(level) : LEVELS.length - 1);

function total(bucket) {
	return bucket.reduce((sum, n) => sum + n, 0);
}

// ---- drawing ------------------------------------------------------------

function svg(name, attributes, text) {
	const made = document.createElementNS(SVG, name);

	for (const [key, value] of Object.entries(attributes))
		made.setAttribute(key, value);
	if (text !== undefined)
		made.textContent = text;
	return made;
}

function bucketWidth() {
	return chart.width / Math.max(chart.buckets.length, 1);
}

// Bars, one path for each level. The highest level is at the bottom, where lengths
// compare best; nothing is so rare that it has no bar.
function drawBars() {
	const most = Math.max(1, ...chart.buckets.map(total));
	const room = CHART.height - CHART.axis - 4;
	const step = bucketWidth();
	const width = Math.max(step - (step > 3 ? 1 : 0), 1.5);
	const paths = LEVELS.map(() => '');

	chart.buckets.forEach((bucket, n) => {
		let y = CHART.height - CHART.axis;

		bucket.forEach((number, l) => {
			const height = number === 0 ? 0 : Math.max(number / most * room, 2);

			y -= height;
			if (height > 0)
				paths[l] += `M${n * step} ${y}h${width}v${height}h${-width}z`;
		});
	});
	return paths.map((d, l) => svg('path', {class: 'bar', 'data-level': LEVELS[l], d}));
}

// Steps of the axis: seconds to weeks, then months of the calendar.
const TICK_STEPS = [
	SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE,
	HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, WEEK, 2 * WEEK,
];
const TICK_MONTHS = [1, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 12000];
const MONTH = 30.44 * DAY;

// [[time, label]...]
function ticksByStep(start, end, step) {
	const ticks = [];
	const label = (text) => step >= DAY ? text.slice(0, 10) : step >= MINUTE ? text.slice(5, 16) : text.slice(11);

	for (let at = floorTo(start + step - 1, step); at < end; at += step)
		ticks.push([at, label(faceText(at))]);
	return ticks;
}

function ticksByMonth(start, end, months) {
	const ticks = [];
	const first = new Date(start);
	const number = first.getUTCFullYear() * 12 + first.getUTCMonth();

	for (let month = Math.ceil(number / months) * months; ticks.length <= TICKS_MOST; month += months) {
		const at = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);

		if (!(at < end))
			break;
		if (at >= start)
			ticks.push([at, faceText(at).slice(0, months < 12 ? 7 : 4)]);
	}
	return ticks;
}

function axisTicks() {
	const span = chart.buckets.length * chart.step;
	const most = Math.min(TICKS_MOST, chart.width / 120);
	const step = TICK_STEPS.find((candidate) => span / candidate <= most);
	const months = TICK_MONTHS.find((candidate) => span / (candidate * MONTH) <= most);

	if (step !== undefined)
		return ticksByStep(chart.start, chart.start + span, step);
	return ticksByMonth(chart.start, chart.start + span, months ?? 120000);
}

function drawAxis() {
	const span = chart.buckets.length * chart.step;
	const y1 = CHART.height - CHART.axis;
	const drawn = [svg('line', {class: 'axis', x1: 0, x2: chart.width, y1, y2: y1})];

	for (const [at, label] of axisTicks()) {
		const x = (at - chart.start) / span * chart.width;

		drawn.push(svg('line', {class: 'axis', x1: x, x2: x, y1, y2: y1 + 4}),
			svg('text', {
				class: 'tick', x, y: CHART.height - 2,
				'text-anchor': x < 40 ? 'start' : x > chart.width - 40 ? 'end' : 'middle',
			}, label));
	}
	return drawn;
}

function chosenBuckets() {
	const [a, b] = [chart.anchor < 0 ? chart.cursor : chart.anchor, chart.cursor];

	return a <= b ? [a, b] : [b, a];
}

function drawCursor() {
	const [first, last] = chosenBuckets();
	const box = byId('timeline-chart').querySelector('.cursor');
	const width = bucketWidth();

	box.setAttribute('visibility', chart.cursor < 0 ? 'hidden' : 'visible');
	box.setAttribute('x', first * width);
	box.setAttribute('width', (last - first + 1) * width);
	byId('timeline-text').textContent = chart.cursor < 0 ? describeAll() : describe(first, last);
}

function levelCounts(counts) {
	return LEVELS.map((level, l) => counts[l] > 0 && `${count(counts[l])} ${level || 'without level'}`)
		.filter(Boolean).join(', ');
}

function describe(first, last) {
	const sum = new Uint32Array(LEVELS.length);

	for (const bucket of chart.buckets.slice(first, last + 1))
		bucket.forEach((n, l) => sum[l] += n);
	return `${faceText(chart.start + first * chart.step)} to ` +
		`${faceText(chart.start + (last + 1) * chart.step)}: ` +
		(total(sum) > 0 ? levelCounts(sum) : 'no hits');
}

const STEP_NAMES = [[52 * WEEK, '52 weeks'], [WEEK, 'week'], [DAY, 'day'], [HOUR, 'hour'], [MINUTE, 'minute'],
	[SECOND, 'second']];

function stepText(step) {
	const [unit, name] = STEP_NAMES.find(([least]) => step >= least);

	return step === unit ? name : `${step / unit} ${name}s`;
}

function describeAll() {
	let timeless = 0;

	if (chart.buckets.length === 0)
		return 'No hits with a time.';
	for (let i = 0; i < hits.count; i++)
		timeless += shown.anyTime[i] === 1 && hits.ms[i] === NO_TIME ? 1 : 0;
	return `Hits per ${stepText(chart.step)}, at most ${count(Math.max(...chart.buckets.map(total)))}.` +
		(timeless > 0 ? ` ${plural(timeless, 'hit')} without a time.` : '');
}

function drawTimeline() {
	const box = byId('timeline-chart');

	fillBuckets();
	chart.cursor = chart.anchor = -1;
	chart.width = box.clientWidth || chart.width;
	box.setAttribute('viewBox', `0 0 ${chart.width} ${CHART.height}`);
	box.setAttribute('preserveAspectRatio', 'xMinYMid');
	box.replaceChildren(
		svg('rect', {class: 'cursor', y: 0, height: CHART.height - CHART.axis, visibility: 'hidden'}),
		...chart.buckets.length > 0 ? [...drawBars(), ...drawAxis()] : [],
	);
	byId('timeline-hint').hidden = chart.buckets.length < 2;
	drawCursor();
}

// ---- choosing -----------------------------------------------------------

function narrowTime() {
	const [first, last] = chosenBuckets();

	if (chart.cursor < 0)
		return;
	setState({
		from: fromClock(chart.start + first * chart.step),
		to: fromClock(chart.start + (last + 1) * chart.step),
	});
}

function moveCursor(to, extend) {
	const most = chart.buckets.length - 1;

	if (most < 0)
		return;
	if (!extend)
		chart.anchor = -1;
	else if (chart.anchor < 0)
		chart.anchor = Math.max(chart.cursor, 0);
	chart.cursor = Math.min(Math.max(to, 0), most);
	drawCursor();
}

function bucketAt(event) {
	const box = byId('timeline-chart').getBoundingClientRect();

	return Math.floor((event.clientX - box.left) / box.width * chart.buckets.length);
}

function timelineKey(event) {
	const to = {
		ArrowLeft: chart.cursor < 0 ? chart.buckets.length - 1 : chart.cursor - 1,
		ArrowRight: chart.cursor + 1, Home: 0, End: chart.buckets.length - 1,
	}[event.key];

	if (to !== undefined)
		moveCursor(to, event.shiftKey);
	else if (event.key === 'Enter')
		narrowTime();
	else if (event.key === 'Escape')
		setState({from: null, to: null});
	else
		return;
	event.preventDefault();
	event.stopPropagation();
}

function startTimeline() {
	const box = byId('timeline-chart');

	box.addEventListener('keydown', timelineKey);
	box.addEventListener('pointerdown', (event) => {
		if (event.button !== 0 || chart.buckets.length === 0)
			return;
		chart.drag = true;
		box.setPointerCapture(event.pointerId);
		moveCursor(bucketAt(event), false);
	});
	box.addEventListener('pointermove', (event) => moveCursor(bucketAt(event), chart.drag));
	box.addEventListener('pointerup', () => {
		if (chart.drag)
			narrowTime();
		chart.drag = false;
	});
	box.addEventListener('pointercancel', () => chart.drag = false);
	box.addEventListener('pointerleave', () => {
		if (chart.drag)
			return;
		chart.cursor = chart.anchor = -1;
		drawCursor();
	});
	byId('legend').append(...LEVELS.filter((level) => rules.some((rule) => rule.level === level))
		.map((level) => element('span', {class: 'key', 'data-level': level}, level || 'no level')));
	new ResizeObserver(() => {
		if (box.clientWidth !== 0 && box.clientWidth !== chart.width)
			drawTimeline();
	}).observe(box);
}
