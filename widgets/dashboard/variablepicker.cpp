#include "widgets/dashboard/variablepicker.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

const QString kAll = u"$__all"_s;
constexpr int kMostTextWidth = 260;

} // namespace

QString variableText(const VariableState& state)
{
    if (state.isAll())
        return VariablePicker::tr("All");
    QStringList texts;
    for (const QString& value : state.current) {
        const auto found = std::find_if(state.options.begin(), state.options.end(),
                                        [&](const VariableOption& option) { return option.value == value; });
        texts << (found == state.options.end() ? value : found->text);
        if (texts.size() > 20)
            break;
    }
    return texts.isEmpty() ? VariablePicker::tr("None") : texts.join(u" + "_s);
}

void VariableOptionsModel::setOptions(std::vector<VariableOption> options, bool includeAll, bool multi,
                                      const QStringList& current)
{
    beginResetModel();
    m_options = std::move(options);
    if (includeAll)
        m_options.insert(m_options.begin(), {tr("All"), kAll});
    m_multi = multi;
    m_current = current;
    m_shown.resize(m_options.size());
    for (size_t i = 0; i < m_shown.size(); ++i)
        m_shown[i] = int(i);
    endResetModel();
}

void VariableOptionsModel::setFilter(const QString& text)
{
    beginResetModel();
    m_shown.clear();
    const bool isPattern = text.size() > 1 && text.startsWith(u'/');
    const QRegularExpression pattern(isPattern ? text.mid(1, text.endsWith(u'/') ? text.size() - 2 : -1) : QString(),
                                     QRegularExpression::CaseInsensitiveOption);
    for (size_t i = 0; i < m_options.size(); ++i) {
        const QString& option = m_options[i].text;
        const bool matches = isPattern ? pattern.isValid() && pattern.match(option).hasMatch()
                                       : option.contains(text, Qt::CaseInsensitive);
        if (matches)
            m_shown.push_back(int(i));
    }
    endResetModel();
}

void VariableOptionsModel::toggle(int row)
{
    const QString value = valueAt(row);
    if (!m_multi || value == kAll) {
        m_current = {value};
    } else if (m_current.contains(value)) {
        m_current.removeAll(value);
    } else {
        m_current.removeAll(kAll);
        m_current << value;
    }
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole});
}

QString VariableOptionsModel::valueAt(int row) const
{
    return m_options[size_t(m_shown[size_t(row)])].value;
}

int VariableOptionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant VariableOptionsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const VariableOption& option = m_options[size_t(m_shown[size_t(index.row())])];
    if (role == Qt::DisplayRole)
        return option.text;
    if (role == Qt::ToolTipRole)
        return plainTip(option.text);
    if (role == Qt::CheckStateRole && m_multi)
        return m_current.contains(option.value) ? Qt::Checked : Qt::Unchecked;
    return {};
}

VariablePopup::VariablePopup(const VariableState& state, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_before(state.current), m_multi(state.spec.multi)
{
    setObjectName(u"variablePopup"_s);
    setFrameShape(QFrame::StyledPanel);
    m_model = new VariableOptionsModel(this);
    m_model->setOptions(state.options, state.spec.includeAll, m_multi, state.current);
    m_search = new QLineEdit(this);
    m_search->setObjectName(u"variableSearch"_s);
    m_search->setPlaceholderText(tr("Search, or /regular expression/"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    m_list = new QListView(this);
    m_list->setObjectName(u"variableList"_s);
    m_list->setModel(m_model);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Values"));
    m_list->setMinimumSize(240, std::clamp(m_model->rowCount() * 24 + 6, 60, 320));
    const auto row = std::find_if(state.options.begin(), state.options.end(), [&](const VariableOption& option) {
        return !state.current.isEmpty() && option.value == state.current.first();
    });
    const int first = row == state.options.end() ? 0 : int(row - state.options.begin()) + (state.spec.includeAll ? 1 : 0);
    m_list->setCurrentIndex(m_model->index(first));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_model->setFilter(text);
        m_list->setCurrentIndex(m_model->index(0));
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { pick(index.row()); });
    connect(m_list, &QListView::activated, this, [this](const QModelIndex& index) { pick(index.row()); });
}

void VariablePopup::pick(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    m_model->toggle(row);
    if (!m_multi)
        close();
}

void VariablePopup::closeEvent(QCloseEvent* event)
{
    // Several ticks are one change: the dashboard asks once, when the list closes.
    QStringList values = m_model->current();
    if (values != m_before)
        Q_EMIT chosen(values);
    QFrame::closeEvent(event);
}

bool VariablePopup::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int row = m_list->currentIndex().row();
        switch (key->key()) {
        case Qt::Key_Down: m_list->setCurrentIndex(m_model->index(std::min(row + 1, m_model->rowCount() - 1))); return true;
        case Qt::Key_Up: m_list->setCurrentIndex(m_model->index(std::max(row - 1, 0))); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: pick(row); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

VariablePicker::VariablePicker(QWidget* parent) : QToolButton(parent)
{
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setLayoutDirection(Qt::RightToLeft); // the chevron follows the text
    setIcon(themeIcon(u"chevron-down"_s, IconRole::Secondary));
    connect(this, &QToolButton::clicked, this, &VariablePicker::openPopup);
}

void VariablePicker::setState(const VariableState& state)
{
    m_state = state;
    const QString text = variableText(state);
    setText(fontMetrics().elidedText(text, Qt::ElideRight, kMostTextWidth).replace(u'&', u"&&"_s));
    setToolTip(plainTip(state.error ? errorText(*state.error) : text));
    setProperty("invalid", state.error.has_value());
    setIcon(themeIcon(state.error ? u"warning"_s : u"chevron-down"_s, state.error ? IconRole::Error : IconRole::Secondary));
    setAccessibleName(tr("Variable %1: %2").arg(state.spec.label.isEmpty() ? state.spec.name : state.spec.label, text));
}

void VariablePicker::openPopup()
{
    auto* popup = new VariablePopup(m_state, this);
    popup->setLayoutDirection(Qt::LeftToRight);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    connect(popup, &VariablePopup::chosen, this, &VariablePicker::chosen);
    popup->adjustSize();
    const QRect area = screen()->availableGeometry();
    const QPoint below = mapToGlobal(QPoint(0, height() + 2));
    popup->move(std::clamp(below.x(), area.left(), std::max(area.left(), area.right() - popup->width())),
                std::min(below.y(), area.bottom() - popup->height()));
    popup->show();
    popup->findChild<QLineEdit*>(u"variableSearch"_s)->setFocus();
}

} // namespace Promdeck
