#include "widgets/dashboard/editsteptext.h"

#include <QCoreApplication>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongTitle = 40;

QString tr(const char* text)
{
    return QCoreApplication::translate("Promdeck::EditStep", text);
}

QString phrase(EditStep::Kind kind, bool named)
{
    using Kind = EditStep::Kind;
    switch (kind) {
    case Kind::MovePanel: return named ? tr("Move “%1”") : tr("Move panel");
    case Kind::ResizePanel: return named ? tr("Resize “%1”") : tr("Resize panel");
    case Kind::AddPanel: return named ? tr("Add “%1”") : tr("Add panel");
    case Kind::RemovePanel: return named ? tr("Remove “%1”") : tr("Remove panel");
    case Kind::DuplicatePanel: return named ? tr("Duplicate “%1”") : tr("Duplicate panel");
    case Kind::ChangePanel: return named ? tr("Change “%1”") : tr("Change panel");
    case Kind::AddRow: return tr("Add row");
    case Kind::RemoveRow: return named ? tr("Remove row “%1”") : tr("Remove row");
    case Kind::MoveRow: return named ? tr("Move row “%1”") : tr("Move row");
    case Kind::CollapseRow: return named ? tr("Collapse row “%1”") : tr("Collapse row");
    case Kind::ExpandRow: return named ? tr("Expand row “%1”") : tr("Expand row");
    case Kind::ChangeRow: return named ? tr("Change row “%1”") : tr("Change row");
    case Kind::ChangeSettings: return tr("Change settings");
    case Kind::ChangeVariables: return tr("Change variables");
    case Kind::ChangeAnnotations: return tr("Change annotations");
    case Kind::AddMark: return named ? tr("Add the mark “%1”") : tr("Add a mark");
    case Kind::ChangeMark: return named ? tr("Change the mark “%1”") : tr("Change a mark");
    case Kind::RemoveMark: return named ? tr("Remove the mark “%1”") : tr("Remove a mark");
    case Kind::ChangeDashboard: break;
    }
    return tr("Change dashboard");
}

} // namespace

QString editStepText(const EditStep& step)
{
    const QString text = phrase(step.kind, !step.subject.isEmpty());
    if (!text.contains(u"%1"_s))
        return text;
    const bool isLong = step.subject.size() > kLongTitle;
    return text.arg(isLong ? step.subject.left(kLongTitle - 1) + u'…' : step.subject);
}

} // namespace Promdeck
