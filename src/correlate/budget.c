// SPDX-License-Identifier: Apache-2.0
// What base hits may take while they wait for the end of the scan.
//
// Correlations look at hits in order of time, and logs bring them in any: all
// must be at hand. A flood that fills the budget costs its own correlations,
// which are reported, not the memory of the machine.
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "correlate/internal.h"

struct share {
	_Atomic uint64_t hits;
	_Atomic uint64_t bytes; // may pass the share by a hit of each thread
};

struct corr_budget {
	uint64_t all, one;	// for all rules, for a single one
	_Atomic uint64_t taken; // the sum of the shares, each up to `one`
	struct share *shares;	// by rule index
};

struct corr_budget *corr_budget_new(const struct ruleset *set, uint64_t bytes)
{
	struct corr_budget *budget = mem_zalloc(sizeof(*budget));

	budget->all = bytes;
	budget->one = bytes / 2;
	budget->shares = mem_zalloc((set->count + 1) * sizeof(*budget->shares));
	return budget;
}

void corr_budget_free(struct corr_budget *budget)
{
	if (budget == NULL)
		return;
	free(budget->shares);
	free(budget);
}

bool budget_is_spent(const struct corr_budget *budget, const struct rule *rule)
{
	return budget != NULL &&
	       (budget->shares[rule->index].bytes > budget->one || budget->taken > budget->all);
}

static uint64_t at_most(uint64_t bytes, uint64_t most)
{
	return bytes < most ? bytes : most;
}

void budget_count(struct corr_budget *budget, const struct rule *rule, size_t bytes)
{
	struct share *share;
	uint64_t before;

	if (budget == NULL)
		return;
	share = &budget->shares[rule->index];
	before = atomic_fetch_add(&share->bytes, bytes);
	atomic_fetch_add(&share->hits, 1);
	atomic_fetch_add(&budget->taken,
			 at_most(before + bytes, budget->one) - at_most(before, budget->one));
}

uint64_t budget_hits(const struct corr_budget *budget, const struct rule *rule)
{
	return budget->shares[rule->index].hits;
}
