#pragma once

#include "models/config/checker.h"

namespace Promdeck::Config {

// Findings about configuration that loads: warnings, never errors unless CheckOptions::strict asks for promtool's.

/// promtool's duplicate-rules: two rules of a file with one name and one set of labels, those of the group included.
void lintDuplicateRules(const StructView& groups, Checker& checker);
/// promtool's too-long-scrape-interval: samples that are further apart than queries look back.
void lintScrapeIntervals(const StructView& config, Checker& checker);

} // namespace Promdeck::Config
