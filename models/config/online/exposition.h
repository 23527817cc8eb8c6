#pragma once

#include "models/core/types.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace Promdeck::Config {

/// What a target answers to a scrape, looked at line by line.
struct Exposition
{
    struct Family
    {
        QString name;
        QString type; ///< "counter", "gauge"...; empty when not given
        QString help;
        int series = 0;
        int line = 0; ///< of its first sample, 1-based
    };
    struct Problem
    {
        int line = 0;
        QString message;
        bool isError = true; ///< the scrape fails; else it is advice
    };
    std::vector<Family> families; ///< the largest first
    std::vector<Problem> problems;
    int series = 0;
    bool openMetrics = false;
    [[nodiscard]] bool ok() const;
};

/// Reads the text formats of Prometheus 0.0.4 and of OpenMetrics. `contentType` says which; empty: the former.
[[nodiscard]] Exposition readExposition(const QByteArray& text, const QString& contentType);

} // namespace Promdeck::Config
