#pragma once

#include "models/frame/frame.h"

#include <QStringList>

namespace Promdeck {

/// One reduction. Most are numbers; allValues and uniqueValues are arrays, allIsNull and allIsZero bools.
struct ReducerInfo
{
    QString id;    ///< as dashboards write it ("lastNotNull", "p95")
    QString label; ///< as a legend header shows it ("Last *")
};

/// Canonical id of an id or alias ("current" -> "lastNotNull", "avg" -> "mean", "total" -> "sum"); empty when unknown.
[[nodiscard]] QString canonicalReducer(const QString& id);
/// Label of a reducer; the id itself when unknown.
[[nodiscard]] QString reducerLabel(const QString& id);
[[nodiscard]] QList<ReducerInfo> allReducers();

/// Reduces a column. Source: golden/reducers.json. Null for "no value".
[[nodiscard]] Json reduceColumn(const Column& values, const QString& reducer);
/// The numeric result (bools as 0 and 1); kNull when there is none.
[[nodiscard]] double reduceNumber(const Column& values, const QString& reducer);

/// Smallest and largest number of a column, in one pass; nothing when it has none.
struct NumberRange
{
    double min = 0;
    double max = 0;
};
[[nodiscard]] std::optional<NumberRange> numberRange(const Column& values);

/// One cell as a JSON value: kNull and null strings as null.
[[nodiscard]] Json cellJson(const Column& values, qsizetype row);

} // namespace Promdeck
