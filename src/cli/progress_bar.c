// SPDX-License-Identifier: Apache-2.0
// One line on the terminal while a job runs:
//
//	 37% [=========>               ] 1.2 GiB of 3.3 GiB, 812.0 MiB/s, 0:02 left, 12 hits, ...
//
// A thread of its own draws it four times a second, from the counters that the job
// keeps; nothing waits for it. It shows up after half a second, and goes away
// before anything else is printed there.
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "output/human.h"

#define TICK_MS 250
#define FIRST_MS 500
#define SAMPLES 16 // speed is that of the last four seconds

struct sample {
	uint64_t ms, bytes;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	pthread_t thread;
	struct progress *job;
	bool running, drawn;
	uint64_t count; // of samples; the first one is the start
	struct sample samples[SAMPLES];
} bar = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

static void erase(void)
{
	if (bar.drawn)
		fputs("\r\033[K", stderr);
	bar.drawn = false;
}

static void put_time_left(struct buf *line, uint64_t left, uint64_t speed)
{
	uint64_t seconds = (left + speed - 1) / speed;

	if (seconds >= 3600)
		buf_printf(line, ", %llu:%02llu:%02llu left", (unsigned long long)(seconds / 3600),
			   (unsigned long long)(seconds / 60 % 60),
			   (unsigned long long)(seconds % 60));
	else
		buf_printf(line, ", %llu:%02llu left", (unsigned long long)(seconds / 60),
			   (unsigned long long)(seconds % 60));
}

// Its width depends on that of the terminal only, or it would jump.
static void put_bar(struct buf *line, uint64_t done, uint64_t total, size_t columns)
{
	size_t width = columns >= 120 ? 30 : columns >= 100 ? 14 : 0;
	size_t full = total > 0 ? (size_t)(done * width / total) : 0;

	if (width == 0)
		return;
	buf_put_text(line, " [");
	for (size_t i = 0; i < width; i++)
		buf_put_char(line, i < full ? '=' : i == full ? '>' : ' ');
	buf_put_char(line, ']');
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// Bytes a second, since the oldest sample that is remembered.
static uint64_t speed_at(uint64_t done)
{
	struct sample now = {now_ms(), done};
	const struct sample *oldest = &bar.samples[bar.count < SAMPLES ? 0 : bar.count % SAMPLES];
	uint64_t span = now.ms - oldest->ms;
	uint64_t speed = span > 0 ? (done - oldest->bytes) * 1000 / span : 0;

	bar.samples[bar.count++ % SAMPLES] = now;
	return speed;
}

// What matters most comes first: a narrow terminal cuts the end off.
static void put_counts(struct buf *line, const struct progress *job, uint64_t done, uint64_t total)
{
	uint64_t speed = speed_at(done);
	uint64_t hits = atomic_load(&job->hits);

	buf_put_char(line, ' ');
	human_size(line, done);
	buf_put_text(line, " of ");
	human_size(line, total);
	if (speed > 0) {
		buf_put_text(line, ", ");
		human_size(line, speed);
		buf_put_text(line, "/s");
		put_time_left(line, total > done ? total - done : 0, speed);
	}
	if (hits > 0) {
		buf_put_text(line, ", ");
		human_plural(line, hits, "hit");
	}
	buf_put_text(line, ", ");
	human_plural(line, atomic_load(&job->records), "record");
}

static void draw(void)
{
	const struct progress *job = bar.job;
	uint64_t total = atomic_load(&job->total);
	uint64_t done = atomic_load(&job->bytes);
	size_t columns = terminal_width(stderr);
	struct buf line = {0};

	if (done == 0) {
		buf_put_text(&line, "looking for logs: ");
		human_plural(&line, atomic_load(&job->files), "file");
	} else {
		done = done < total ? done : total;
		buf_printf(&line, "%3d%%", total > 0 ? (int)(done * 100 / total) : 0);
		put_bar(&line, done, total, columns);
		put_counts(&line, job, done, total);
	}
	// One column stays free: some terminals wrap behind the last.
	if (line.len >= columns)
		line.len = columns > 0 ? columns - 1 : 0;
	fprintf(stderr, "\r%.*s\033[K", (int)line.len, line.ptr);
	fflush(stderr);
	bar.drawn = true;
	buf_release(&line);
}

// Waits at most `ms`; false when the bar is to end.
static bool wait_for(unsigned ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (bar.running && pthread_cond_timedwait(&bar.ended, &bar.lock, &until) == 0)
		;
	return bar.running;
}

static void *run(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&bar.lock);
	if (wait_for(FIRST_MS)) {
		do
			draw();
		while (wait_for(TICK_MS));
	}
	erase();
	pthread_mutex_unlock(&bar.lock);
	return NULL;
}

void progress_show(const struct cli_options *options, struct progress *job)
{
	if (options->quiet || options->no_progress || terminal_width(stderr) < 20 ||
	    terminal_is_dumb())
		return;
	bar.job = job;
	bar.count = 1;
	bar.samples[0] = (struct sample){now_ms(), 0};
	bar.running = true;
	if (pthread_create(&bar.thread, NULL, run, NULL) != 0)
		bar.running = false; // no bar
}

void progress_hide(void)
{
	bool running;

	pthread_mutex_lock(&bar.lock);
	running = bar.running;
	bar.running = false;
	pthread_cond_broadcast(&bar.ended);
	pthread_mutex_unlock(&bar.lock);
	if (running)
		pthread_join(bar.thread, NULL);
}

void progress_step_aside(void)
{
	pthread_mutex_lock(&bar.lock);
	erase();
	pthread_mutex_unlock(&bar.lock);
}
