#include "widgets/dashboard/adhoceditor.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/variablepicker.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kListHeight = 240;
constexpr int kMostTextWidth = 320;

QString buttonText(const AdhocFilter& filter)
{
    return filter.key + u' ' + filter.op + u' ' + filter.value;
}

} // namespace

AdhocPopup::AdhocPopup(const AdhocFilter& filter, std::vector<AdhocFilter> others, LabelSource source, bool isNew,
                       QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_others(std::move(others))
    , m_source(std::move(source))
    , m_key(new QLineEdit(filter.key, this))
    , m_operator(new QComboBox(this))
    , m_value(new QLineEdit(filter.value, this))
    , m_list(new QListView(this))
    , m_model(new VariableOptionsModel(this))
    , m_state(new QLabel(this))
    , m_apply(new QPushButton(tr("&Apply"), this))
{
    setObjectName(u"adhocPopup"_s);
    setFrameShape(QFrame::StyledPanel);
    m_key->setObjectName(u"adhocKey"_s);
    m_key->setPlaceholderText(tr("Label"));
    m_key->setAccessibleName(tr("Label"));
    m_key->setMinimumWidth(170);
    m_operator->setObjectName(u"adhocOperator"_s);
    m_operator->setAccessibleName(tr("Operator"));
    m_operator->addItems({u"="_s, u"!="_s, u"=~"_s, u"!~"_s});
    m_operator->setCurrentText(filter.op);
    const QStringList meanings {tr("equals"), tr("differs from"), tr("matches the regular expression"),
                                tr("does not match the regular expression")};
    for (int i = 0; i < int(meanings.size()); ++i)
        m_operator->setItemData(i, meanings[i], Qt::ToolTipRole);
    m_value->setObjectName(u"adhocValue"_s);
    m_value->setPlaceholderText(tr("Value"));
    m_value->setAccessibleName(tr("Value"));
    m_value->setMinimumWidth(220);
    m_list->setObjectName(u"adhocList"_s);
    m_list->setAccessibleName(tr("Proposals"));
    m_list->setModel(m_model);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFixedHeight(kListHeight);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_state->setObjectName(u"adhocState"_s);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_state->hide();
    m_apply->setObjectName(u"adhocApply"_s);
    m_apply->setDefault(true);
    auto* fields = new QHBoxLayout;
    fields->addWidget(m_key, 2);
    fields->addWidget(m_operator);
    fields->addWidget(m_value, 3);
    auto* buttons = new QHBoxLayout;
    if (!isNew) {
        auto* remove = new QPushButton(themeIcon(u"trash"_s), tr("&Remove"), this);
        remove->setObjectName(u"adhocRemove"_s);
        connect(remove, &QPushButton::clicked, this, [this] {
            Q_EMIT removed();
            close();
        });
        buttons->addWidget(remove);
    }
    buttons->addStretch(1);
    buttons->addWidget(m_apply);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addLayout(fields);
    layout->addWidget(m_list);
    layout->addWidget(m_state);
    layout->addLayout(buttons);
    for (QLineEdit* field : {m_key, m_value}) {
        field->installEventFilter(this);
        connect(field, &QLineEdit::textChanged, this, [this, field](const QString& text) {
            updateApply();
            if (field == m_field) {
                m_model->setFilter(text);
                m_list->setCurrentIndex({});
            }
        });
    }
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { pick(index.row()); });
    connect(m_apply, &QPushButton::clicked, this, &AdhocPopup::accept);
    updateApply();
    goTo(isNew ? m_key : m_value);
}

void AdhocPopup::goTo(QLineEdit* field)
{
    field->setFocus();
    field->selectAll();
    if (field != m_field)
        propose(field);
}

AdhocFilter AdhocPopup::filter() const
{
    return {m_key->text().trimmed(), m_operator->currentText(), m_value->text()};
}

void AdhocPopup::updateApply()
{
    m_apply->setEnabled(filter().isComplete());
}

/// Asks for what belongs into a field. A later question makes the answer to an earlier one void.
void AdhocPopup::propose(QLineEdit* field)
{
    m_field = field;
    m_model->setOptions({}, false, false, {});
    m_state->setText(tr("Asking the server…"));
    m_state->show();
    const quint64 turn = ++m_turn;
    const auto done = [this, turn](const Result<QStringList>& proposals) {
        if (turn == m_turn)
            showProposals(proposals);
    };
    if (field == m_key && m_source.names)
        m_source.names(this, m_others, done);
    else if (field == m_value && m_source.values && !m_key->text().trimmed().isEmpty())
        m_source.values(this, m_key->text().trimmed(), m_others, done);
    else
        showProposals(QStringList());
}

void AdhocPopup::showProposals(const Result<QStringList>& proposals)
{
    std::vector<VariableOption> options;
    if (proposals.ok()) {
        for (const QString& text : *proposals) {
            if (text != u"__name__" || m_field != m_key)
                options.push_back({text, text});
        }
    }
    m_model->setOptions(std::move(options), false, false, {});
    // What stood there before is replaced by typing, not searched for.
    m_model->setFilter(m_field->hasSelectedText() ? QString() : m_field->text());
    QPalette palette = m_state->palette();
    const ThemeColors& colors = Theme::instance().colors();
    palette.setColor(QPalette::WindowText, proposals.ok() ? colors.textSecondary : colors.error);
    m_state->setPalette(palette);
    m_state->setText(proposals.ok() ? QString() : errorTitle(proposals.error()));
    m_state->setVisible(!m_state->text().isEmpty());
}

void AdhocPopup::pick(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    const QString text = m_model->valueAt(row);
    if (m_field == m_key) {
        m_key->setText(text);
        goTo(m_value);
        return;
    }
    m_value->setText(text);
    // A regular expression may go on.
    if (m_operator->currentIndex() < 2)
        accept();
}

void AdhocPopup::accept()
{
    if (!filter().isComplete())
        return;
    Q_EMIT applied(filter());
    close();
}

bool AdhocPopup::eventFilter(QObject* watched, QEvent* event)
{
    auto* field = qobject_cast<QLineEdit*>(watched);
    if (field && event->type() == QEvent::FocusIn && field != m_field) {
        goTo(field);
    } else if (field && event->type() == QEvent::KeyPress) {
        const int row = m_list->currentIndex().row();
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down: m_list->setCurrentIndex(m_model->index(std::min(row + 1, m_model->rowCount() - 1))); return true;
        case Qt::Key_Up: m_list->setCurrentIndex(m_model->index(std::max(row - 1, 0))); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (row >= 0)
                pick(row);
            else if (field == m_key)
                goTo(m_value);
            else
                accept();
            return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

AdhocEditor::AdhocEditor(LabelSource source, QWidget* parent)
    : QWidget(parent), m_source(std::move(source)), m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    rebuild();
}

void AdhocEditor::setFilters(const std::vector<AdhocFilter>& filters)
{
    if (filters == m_filters)
        return;
    m_filters = filters;
    rebuild();
}

void AdhocEditor::rebuild()
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (size_t i = 0; i < m_filters.size(); ++i) {
        auto* button = new QToolButton(this);
        button->setObjectName(u"adhocFilter"_s);
        const QString text = buttonText(m_filters[i]);
        button->setText(fontMetrics().elidedText(text, Qt::ElideRight, kMostTextWidth).replace(u'&', u"&&"_s));
        button->setToolTip(plainTip(text));
        button->setAccessibleName(tr("Filter %1").arg(text));
        connect(button, &QToolButton::clicked, this, [this, i] { edit(int(i)); });
        m_layout->addWidget(button);
        button->show();
    }
    auto* add = new QToolButton(this);
    add->setObjectName(u"adhocAdd"_s);
    add->setIcon(themeIcon(u"plus"_s));
    add->setToolTip(tr("Add a filter"));
    add->setAccessibleName(tr("Add a filter"));
    if (m_filters.empty()) {
        add->setText(tr("Filter"));
        add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    connect(add, &QToolButton::clicked, this, [this] { edit(-1); });
    m_layout->addWidget(add);
    add->show();
    updateGeometry();
}

void AdhocEditor::edit(int index)
{
    const bool isNew = index < 0 || size_t(index) >= m_filters.size();
    std::vector<AdhocFilter> others = m_filters;
    AdhocFilter filter;
    if (!isNew) {
        filter = m_filters[size_t(index)];
        others.erase(others.begin() + index);
    }
    auto* popup = new AdhocPopup(filter, others, m_source, isNew, this);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    connect(popup, &AdhocPopup::applied, this, [this, index, isNew](const AdhocFilter& changed) {
        std::vector<AdhocFilter> filters = m_filters;
        if (isNew || size_t(index) >= filters.size())
            filters.push_back(changed);
        else
            filters[size_t(index)] = changed;
        apply(std::move(filters));
    });
    connect(popup, &AdhocPopup::removed, this, [this, others] { apply(others); });
    popup->adjustSize();
    const QRect area = screen()->availableGeometry();
    const QPoint below = mapToGlobal(QPoint(0, height() + 2));
    popup->move(std::clamp(below.x(), area.left(), std::max(area.left(), area.right() - popup->width())),
                std::min(below.y(), area.bottom() - popup->height()));
    popup->show();
}

void AdhocEditor::apply(std::vector<AdhocFilter> filters)
{
    setFilters(filters);
    Q_EMIT chosen(filterValues(filters));
}

} // namespace Promdeck
