#include "widgets/editor/paneldraft.h"

using namespace Qt::StringLiterals;

namespace Promdeck {

PanelDraft::PanelDraft(DashboardEditor* editor, int panelId, QObject* parent)
    : QObject(parent), m_editor(editor), m_id(panelId), m_json(editor->panelJson(panelId)), m_original(m_json)
{
    connect(editor, &DashboardEditor::changed, this, &PanelDraft::read);
}

void PanelDraft::read()
{
    const Json now = m_editor->panelJson(m_id);
    if (now == m_json)
        return;
    m_json = now;
    Q_EMIT changed();
}

void PanelDraft::change(const Json& panel, const QString& mergeKey)
{
    if (m_editor && exists())
        m_editor->changePanel(m_id, panel, mergeKey.isEmpty() ? QString() : u"panel %1 %2"_s.arg(m_id).arg(mergeKey));
}

void PanelDraft::set(const QString& path, const Json& value, bool typing)
{
    change(withOption(m_json, path, value), typing ? path : QString());
}

void PanelDraft::discard()
{
    endTyping();
    change(m_original);
}

void PanelDraft::endTyping()
{
    if (m_editor)
        m_editor->endMerge();
}

} // namespace Promdeck
