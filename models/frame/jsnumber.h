#pragma once

#include <QString>

#include <optional>

// Numbers as ECMAScript prints and reads them. Grafana's texts are made by JavaScript, so rounding, exponents
// and the shortest digits have to follow that language. Source of semantics: ECMA-262 Number::toString,
// Number.prototype.toFixed/toExponential, Math.round; ECMA-402 for grouping.
namespace Promdeck::Js {

/// String(value): shortest digits that read back, exponents below 1e-6 and from 1e21 ("NaN", "Infinity").
[[nodiscard]] QString numberText(double value);
/// Math.round: ties go up, also below zero.
[[nodiscard]] double round(double value);
/// value.toExponential(digits); without digits as many as needed.
[[nodiscard]] QString exponential(double value, std::optional<int> digits);
/// value.toFixed(digits): the exact binary value, ties away from zero.
[[nodiscard]] QString fixed(double value, int digits);
/// value.toString(16).
[[nodiscard]] QString hexText(double value);
/// value.toLocaleString("en-US", {maximumFractionDigits}): grouped, infinity as a sign.
[[nodiscard]] QString localeText(double value, int maxFractionDigits = 3);
/// Number(text): blanks are trimmed, empty is 0, anything else that is not one number is NaN.
[[nodiscard]] double toNumber(QStringView text);
/// parseFloat(text): the longest number at the beginning, NaN when there is none.
[[nodiscard]] double parseFloat(QStringView text);

} // namespace Promdeck::Js
