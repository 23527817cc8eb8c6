#include "widgets/panels/logdetails.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>
#include <QTreeWidget>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kParserRole = Qt::UserRole;

QString levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Critical: return LogDetails::tr("Critical");
    case LogLevel::Error: return LogDetails::tr("Error");
    case LogLevel::Warning: return LogDetails::tr("Warning");
    case LogLevel::Info: return LogDetails::tr("Info");
    case LogLevel::Debug: return LogDetails::tr("Debug");
    case LogLevel::Trace: return LogDetails::tr("Trace");
    case LogLevel::Unknown: break;
    }
    return LogDetails::tr("No level");
}

} // namespace

LogDetails::LogDetails(QWidget* parent) : QWidget(parent), m_title(new QLabel(this)), m_tree(new QTreeWidget(this))
{
    setObjectName(u"logDetails"_s);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 4, 0, 0);
    all->setSpacing(2);
    auto* head = new QHBoxLayout;
    head->setSpacing(2);
    m_title->setObjectName(u"logDetailsTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    head->addWidget(m_title, 1);
    all->addLayout(head);
    m_only = addButton(u"logOnly"_s, tr("Only these"), tr("Only lines with this value (+)"));
    m_without = addButton(u"logWithout"_s, tr("Without these"), tr("No lines with this value (-)"));
    auto* copyValue = addButton(u"logCopyValue"_s, tr("Copy value"), tr("Copy the chosen value"));
    auto* copyLine = addButton(u"logCopyLine"_s, tr("Copy line"), tr("Copy the whole line"));
    m_context = addButton(u"logContext"_s, tr("Context"), tr("What the same stream says before and after this line"));
    auto* close = addButton(u"logDetailsClose"_s, {}, tr("Close (Esc)"));
    close->setIcon(themeIcon(u"close"_s, IconRole::Secondary));
    m_tree->setObjectName(u"logFields"_s);
    m_tree->installEventFilter(this);
    m_tree->setAccessibleName(tr("Labels and fields of the line"));
    m_tree->setHeaderHidden(true);
    m_tree->setColumnCount(2);
    m_tree->setRootIsDecorated(false);
    m_tree->setItemsExpandable(false);
    m_tree->setIndentation(8);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    all->addWidget(m_tree, 1);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &LogDetails::updateButtons);
    connect(m_only, &QToolButton::clicked, this, [this] { filter(false); });
    connect(m_without, &QToolButton::clicked, this, [this] { filter(true); });
    connect(copyValue, &QToolButton::clicked, this, [this] {
        const QTreeWidgetItem* item = m_tree->currentItem();
        QApplication::clipboard()->setText(item && item->parent() ? item->text(1) : m_row.raw);
    });
    connect(copyLine, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(m_row.raw); });
    connect(m_context, &QToolButton::clicked, this, &LogDetails::contextRequested);
    connect(close, &QToolButton::clicked, this, &LogDetails::closed);
}

QToolButton* LogDetails::addButton(const QString& name, const QString& text, const QString& tip)
{
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setText(text);
    button->setToolTip(plainTip(tip));
    button->setAccessibleName(text.isEmpty() ? tip : text);
    static_cast<QBoxLayout*>(layout()->itemAt(0)->layout())->addWidget(button);
    return button;
}

void LogDetails::setRow(const LogRow& row, const QString& time, bool hasContext)
{
    m_row = row;
    m_title->setText(time + u"  "_s + levelName(row.level));
    m_tree->clear();
    std::vector<LogField> labels;
    for (const auto& [name, value] : row.labels)
        labels.push_back({name, value, {}});
    addGroup(tr("Fields of the line"), logFields(row.raw));
    addGroup(tr("Labels"), labels);
    m_context->setVisible(hasContext);
    updateButtons();
}

void LogDetails::addGroup(const QString& title, const std::vector<LogField>& fields)
{
    if (fields.empty())
        return;
    auto* group = new QTreeWidgetItem(m_tree, {title});
    group->setFlags(Qt::ItemIsEnabled);
    group->setForeground(0, palette().placeholderText());
    group->setFirstColumnSpanned(true);
    for (const LogField& field : fields) {
        auto* item = new QTreeWidgetItem(group, {field.name, field.value});
        item->setData(0, kParserRole, field.parser);
        item->setToolTip(1, plainTip(field.value.size() > 60 ? field.value : QString()));
    }
    group->setExpanded(true);
}

void LogDetails::updateButtons()
{
    const QTreeWidgetItem* item = m_tree->currentItem();
    m_only->setEnabled(item && item->parent());
    m_without->setEnabled(item && item->parent());
}

void LogDetails::filter(bool exclude)
{
    const QTreeWidgetItem* item = m_tree->currentItem();
    if (item && item->parent())
        Q_EMIT filterRequested({item->text(0), item->text(1), exclude, item->data(0, kParserRole).toString()});
}

bool LogDetails::takeKey(const QKeyEvent& event)
{
    if (event.key() == Qt::Key_Plus)
        filter(false);
    else if (event.key() == Qt::Key_Minus)
        filter(true);
    else if (event.key() == Qt::Key_Escape)
        Q_EMIT closed();
    else if (event.matches(QKeySequence::Copy) && m_tree->currentItem())
        QApplication::clipboard()->setText(m_tree->currentItem()->text(1));
    else
        return false;
    return true;
}

bool LogDetails::eventFilter(QObject* watched, QEvent* event)
{
    // Before the tree, which would fold and unfold.
    if (event->type() == QEvent::KeyPress && takeKey(*static_cast<QKeyEvent*>(event)))
        return true;
    return QWidget::eventFilter(watched, event);
}

} // namespace Promdeck
