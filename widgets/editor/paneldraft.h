#pragma once

#include "models/dashboard/dashboardeditor.h"
#include "models/dashboard/paneledit.h"

#include <QObject>
#include <QPointer>

namespace Promdeck {

/// The panel being edited: its JSON in the dashboard's editor. Every change is one step of the dashboard's history;
/// what is typed without a pause is one step.
class PanelDraft final : public QObject
{
    Q_OBJECT
public:
    PanelDraft(DashboardEditor* editor, int panelId, QObject* parent = nullptr);

    [[nodiscard]] int panelId() const { return m_id; }
    /// Null when the panel is gone (an undo took it away).
    [[nodiscard]] const Json& json() const { return m_json; }
    [[nodiscard]] bool exists() const { return m_json.isObject(); }
    /// Differs from what it was when the draft was made.
    [[nodiscard]] bool isChanged() const { return !(m_json == m_original); }
    /// A new value; equal mergeKeys in a row become one step.
    void change(const Json& panel, const QString& mergeKey = {});
    /// One option; null removes it.
    void set(const QString& path, const Json& value, bool typing = false);
    /// Back to the panel as it was: one step, that can be undone.
    void discard();
    void endTyping();

Q_SIGNALS:
    void changed();

private:
    void read();

    QPointer<DashboardEditor> m_editor;
    const int m_id;
    Json m_json;
    Json m_original;
};

} // namespace Promdeck
