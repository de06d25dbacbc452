/* SPDX-License-Identifier: ISC */

/*
 * Sessions and failures by day, as two rows of bars: failures are so few
 * beside the sessions that they need a scale of their own.  A long period has
 * a bar for each week, month or year.  The bars are stretched to the width of
 * the page, so no text stands among them; and a table has the same figures
 * for those who cannot see them.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "output/html.h"

/* More bars than that are hard to tell apart on a phone. */
#define BARS_MAX 100

/* The space that a bar has, in units of the picture, and its height. */
#define BAR_PITCH  10
#define BAR_WIDTH  8
#define BAR_HEIGHT 1000

struct chart {
	struct html *h;
	const char *unit;
	const char *column;
	int32_t (*start_of)(int32_t day); /* of the bar that has the day */
	int32_t (*next)(int32_t start);
	int32_t first;	    /* day of the first bar */
	int32_t last;	    /* day that the last one begins with or holds */
	struct share *bars; /* those with reports, by their first day */
	size_t nbars;
	size_t width;	  /* in bars, those without reports included */
	int64_t sessions; /* the most in one bar */
	int64_t failed;
};

static int32_t
day_itself(int32_t day)
{
	return day;
}

static int32_t
next_day(int32_t day)
{
	return day + 1;
}

static int32_t
next_week(int32_t day)
{
	return day + 7;
}

static int32_t
next_month(int32_t day)
{
	return day_add_months(day, 1);
}

static int32_t
year_start(int32_t day)
{
	struct civil c = civil_from_day(day);

	return day_from_civil((struct civil){c.year, 1, 1});
}

static int32_t
next_year(int32_t day)
{
	return day_add_months(day, 12);
}

static const struct {
	const char *name;
	const char *column;
	int days; /* about */
	int32_t (*start_of)(int32_t day);
	int32_t (*next)(int32_t start);
} units[] = {
    {"day", "Day", 1, day_itself, next_day},
    {"week", "Week from", 7, day_week_start, next_week},
    {"month", "Month from", 31, day_month_start, next_month},
    {"year", "Year from", 366, year_start, next_year},
};
#define UNITS (sizeof(units) / sizeof(units[0]))

static void
choose_unit(struct chart *c)
{
	size_t u = 0;

	while (u + 1 < UNITS &&
	    (c->last - c->first + 1) / units[u].days > BARS_MAX)
		u++;
	c->unit = units[u].name;
	c->column = units[u].column;
	c->start_of = units[u].start_of;
	c->next = units[u].next;
	c->first = c->start_of(c->first);
}

/* Sums the days up into bars, in their place. */
static void
make_bars(struct chart *c)
{
	const size_t ndays = c->nbars;
	struct share *bar = c->bars;
	int32_t start;
	size_t i;

	bar->day = c->start_of(bar->day);
	for (i = 1; i < ndays; i++) {
		start = c->start_of(c->bars[i].day);
		if (start != bar->day) {
			*++bar = c->bars[i];
			bar->day = start;
			continue;
		}
		bar->successful =
		    count_add(bar->successful, c->bars[i].successful);
		bar->failed = count_add(bar->failed, c->bars[i].failed);
	}
	c->nbars = (size_t)(bar - c->bars) + 1;
}

static int64_t
sessions_of(const struct share *s)
{
	return count_add(s->successful, s->failed);
}

static void
measure(struct chart *c)
{
	int32_t day = c->first;
	size_t i;

	for (c->width = 0; day <= c->last; c->width++)
		day = c->next(day);
	for (i = 0; i < c->nbars; i++) {
		if (sessions_of(&c->bars[i]) > c->sessions)
			c->sessions = sessions_of(&c->bars[i]);
		if (c->bars[i].failed > c->failed)
			c->failed = c->bars[i].failed;
	}
}

/* The height of a bar: something is never nothing. */
static int
height_of(int64_t n, int64_t most)
{
	const int height = (int)((double)n / (double)most * BAR_HEIGHT);

	return n > 0 && height < 12 ? 12 : height;
}

/* One row of bars; each says its figures to a mouse that rests on it. */
static void
write_bars(struct chart *c, bool failed, int64_t most)
{
	const struct share *bar = c->bars;
	int32_t day = c->first;
	size_t i, x = 1;
	int64_t n;
	int height;

	for (i = 0; i < c->nbars; i++, bar++) {
		for (; day < bar->day; x += BAR_PITCH)
			day = c->next(day);
		n = failed ? bar->failed : sessions_of(bar);
		if (n <= 0)
			continue;
		height = height_of(n, most);
		fprintf(c->h->out,
		    "<rect class=\"%s\" x=\"%zu\" y=\"%d\" width=\"%d\" "
		    "height=\"%d\"><title>",
		    failed ? "f" : "s", x, BAR_HEIGHT - height, BAR_WIDTH,
		    height);
		html_plain_day(c->h, bar->day);
		fputs(": ", c->h->out);
		words_number(&c->h->words, n);
		fputs("</title></rect>\n", c->h->out);
	}
}

static void
write_picture(struct chart *c, bool failed)
{
	const int64_t most = failed ? c->failed : c->sessions;
	const size_t id = ++c->h->pictures;
	FILE *out = c->h->out;

	fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"%s "
	    "viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" "
	    "aria-labelledby=\"t%zu\" aria-describedby=\"x%zu\">\n"
	    "<title id=\"t%zu\">%s by %s</title>\n<desc id=\"x%zu\">The "
	    "highest bar is ",
	    failed ? " class=\"low\"" : "", c->width * BAR_PITCH, BAR_HEIGHT,
	    id, id, id, failed ? "Failed sessions" : "Sessions", c->unit, id);
	words_number(&c->h->words, most);
	fputs(". A table with all figures follows.</desc>\n", out);
	write_bars(c, failed, most);
	fputs("</svg>\n", out);
}

/* What the bars stand for, and how high they are. */
static void
write_legend(struct chart *c, bool failed)
{
	fprintf(c->h->out,
	    "<div class=\"axis soft\"><span>%s by %s</span>"
	    "<span>up to ",
	    failed ? "Failed sessions" : "Sessions", c->unit);
	words_number(&c->h->words, failed ? c->failed : c->sessions);
	fputs("</span></div>\n", c->h->out);
}

static void
write_axis(struct chart *c)
{
	fputs("<div class=\"axis soft\"><span>", c->h->out);
	html_day(c->h, c->first);
	fputs("</span><span>", c->h->out);
	html_day(c->h, c->last);
	fputs("</span></div>\n", c->h->out);
}

static void
write_table(struct chart *c)
{
	const struct share *bar;
	char text[64];
	size_t i;

	snprintf(text, sizeof(text), "Figures by %s, as a table", c->unit);
	html_fold(c->h, false, text);
	fprintf(c->h->out,
	    "<table>\n<thead><tr><th scope=\"col\">%s</th>"
	    "<th scope=\"col\" class=\"n\">Sessions</th>"
	    "<th scope=\"col\" class=\"n\">Failed</th>"
	    "<th scope=\"col\" class=\"n\">Rate</th></tr></thead>\n<tbody>\n",
	    c->column);
	for (i = 0; i < c->nbars; i++) {
		bar = &c->bars[i];
		fputs("<tr><th scope=\"row\">", c->h->out);
		html_day(c->h, bar->day);
		fputs("</th>", c->h->out);
		html_number_cell(c->h, sessions_of(bar));
		html_number_cell(c->h, bar->failed);
		html_rate_cell(c->h, bar->successful, bar->failed);
		fputs("</tr>\n", c->h->out);
	}
	fputs("</tbody>\n</table>\n", c->h->out);
	html_fold_end(c->h);
}

static void
write_figure(struct chart *c)
{
	fputs("<figure>\n", c->h->out);
	if (!c->h->mail) {
		write_legend(c, false);
		write_picture(c, false);
		write_axis(c);
		if (c->failed > 0) {
			write_legend(c, true);
			write_picture(c, true);
		}
	}
	write_table(c);
	fputs("</figure>\n", c->h->out);
}

void
html_chart(struct html *h, const struct domain_figure *const *domains, size_t n,
    const int32_t days[2])
{
	const int32_t today = day_of_time(h->view->figures->spec.now);
	struct chart c = {.h = h, .first = days[0], .last = days[1]};

	c.bars = html_merge_days(domains, n, &c.nbars);
	if (c.nbars > 0 && c.last > today)
		c.last = today; /* but for what a wrong clock reports */
	if (c.nbars > 0 && c.last < c.bars[c.nbars - 1].day)
		c.last = c.bars[c.nbars - 1].day;
	if (c.nbars > 0 && c.last > c.first) {
		choose_unit(&c);
		make_bars(&c);
		measure(&c);
		if (c.sessions > 0)
			write_figure(&c);
	}
	free(c.bars);
}
