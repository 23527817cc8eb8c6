#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

/// One alert, or a rule without any.
struct AlertItem
{
    QString name;
    QString state;      ///< firing, pending, normal, error
    qint64 sinceMs = 0; ///< 0 = not known
    QString ruleGroup;
    Labels labels;
    Labels annotations;
    [[nodiscard]] QString labelText() const; ///< without the alert's name
    [[nodiscard]] QString summary() const;   ///< summary, message or description, the first there is
};

/// Alerts that are listed under one line: of one rule, or with equal values of the labels that group them.
struct AlertGroupItem
{
    QString title;
    QString state;      ///< the worst of its alerts
    qint64 sinceMs = 0; ///< the earliest
    std::vector<AlertItem> alerts;
};

/// What an alert list shows, out of a frame of alerts (see models/query/otherqueries.h).
/// Source of semantics: Grafana's alert list panel.
struct AlertListModel
{
    std::vector<AlertGroupItem> groups;
    int total = 0;        ///< alerts before the limit
    bool asCount = false; ///< one big number instead of a list
    bool expanded = false; ///< alerts of a group are listed from the start
};
[[nodiscard]] AlertListModel alertListModel(const PanelSpec& panel, const PanelData& data);

} // namespace Promdeck
