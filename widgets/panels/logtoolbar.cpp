#include "widgets/panels/logtoolbar.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTypingMs = 150;
constexpr int kChipLength = 40;

constexpr LogLevel kLevels[] = {LogLevel::Critical, LogLevel::Error, LogLevel::Warning, LogLevel::Info,
                                LogLevel::Debug,    LogLevel::Trace, LogLevel::Unknown};

QIcon levelIcon(LogLevel level)
{
    QPixmap dot(24, 24);
    dot.setDevicePixelRatio(2);
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.fillRect(QRectF(4, 1, 4, 10), toColor(logLevelColor(level, Theme::instance().kind())));
    return dot;
}

} // namespace

LogToolbar::LogToolbar(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout), m_filters(new QWidget(this)), m_text(new QLineEdit(this))
{
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 4);
    all->setSpacing(4);
    m_row->setSpacing(2);
    m_text->setObjectName(u"logText"_s);
    m_text->setPlaceholderText(tr("Search lines, or /regular expression/"));
    m_text->setAccessibleName(tr("Search lines"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(60);
    m_row->addWidget(m_text, 1);
    all->addLayout(m_row);
    auto* chips = new QHBoxLayout(m_filters);
    chips->setContentsMargins(0, 0, 0, 0);
    chips->setSpacing(4);
    all->addWidget(m_filters);
    m_filters->hide();
    m_levels = addButton(u"logLevels"_s, tr("Levels"), {}, tr("Which levels are listed"));
    m_levels->setPopupMode(QToolButton::InstantPopup);
    m_levels->setMenu(new QMenu(m_levels));
    connect(m_levels->menu(), &QMenu::aboutToShow, this, &LogToolbar::fillLevels);
    m_dedup = addButton(u"logDedup"_s, {}, u"copy"_s, tr("Lines that say the same"));
    m_dedup->setPopupMode(QToolButton::InstantPopup);
    m_dedup->setMenu(new QMenu(m_dedup));
    connect(m_dedup->menu(), &QMenu::aboutToShow, this, &LogToolbar::fillDedup);
    m_order = addButton(u"logOrder"_s, {}, u"sort-down"_s, {});
    connect(m_order, &QToolButton::clicked, this, [this] {
        m_view.ascending = !m_model.ascending;
        Q_EMIT changed();
    });
    m_wrap = addButton(u"logWrap"_s, {}, u"wrap"_s, tr("Wrap long lines"));
    m_wrap->setCheckable(true);
    connect(m_wrap, &QToolButton::clicked, this, [this](bool on) {
        m_view.wrap = on;
        Q_EMIT changed();
    });
    m_follow = addButton(u"logFollow"_s, tr("Live"), {}, tr("Show new lines as they come"));
    m_follow->setCheckable(true);
    connect(m_follow, &QToolButton::clicked, this, &LogToolbar::followRequested);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(m_text, &QLineEdit::textEdited, &m_typing, qOverload<>(&QTimer::start));
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty())
            setText(text);
    });
    connect(m_text, &QLineEdit::returnPressed, this, [this] { setText(m_text->text()); });
    connect(&m_typing, &QTimer::timeout, this, [this] { setText(m_text->text()); });
}

QToolButton* LogToolbar::addButton(const QString& name, const QString& text, const QString& icon, const QString& tip)
{
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setText(text);
    if (!icon.isEmpty())
        button->setIcon(themeIcon(icon, IconRole::Secondary));
    button->setToolTip(plainTip(tip));
    button->setAccessibleName(text.isEmpty() ? tip : text);
    m_row->addWidget(button);
    return button;
}

void LogToolbar::setText(const QString& text)
{
    m_typing.stop();
    const bool wrong = !text.isEmpty() && !logTextPattern(text).isValid();
    QPalette colors = palette();
    if (wrong)
        colors.setColor(QPalette::Text, Theme::instance().colors().error);
    m_text->setPalette(colors);
    m_text->setToolTip(wrong ? tr("This regular expression is not complete") : QString());
    if (text == m_view.text)
        return;
    m_view.text = text;
    Q_EMIT changed();
}

void LogToolbar::setModel(const LogsModel& model, bool canFollow)
{
    m_model = model;
    m_model.rows.clear();
    m_wrap->setChecked(model.wrap);
    m_order->setIcon(themeIcon(model.ascending ? u"sort-up"_s : u"sort-down"_s, IconRole::Secondary));
    const QString order = model.ascending ? tr("Oldest first; press for newest first") : tr("Newest first; press for oldest first");
    m_order->setToolTip(plainTip(order));
    m_order->setAccessibleName(order);
    m_levels->setText(m_view.hidden.empty() ? tr("Levels") : tr("Levels (filtered)"));
    m_dedup->setIcon(themeIcon(u"copy"_s, model.dedup == u"none" ? IconRole::Secondary : IconRole::Accent));
    m_follow->setVisible(canFollow);
}

void LogToolbar::setFollowing(bool following)
{
    m_follow->setChecked(following);
}

void LogToolbar::addFilter(const LogFilter& filter)
{
    LogFilter opposite = filter;
    opposite.exclude = !filter.exclude;
    std::erase(m_view.filters, opposite);
    if (std::find(m_view.filters.begin(), m_view.filters.end(), filter) == m_view.filters.end())
        m_view.filters.push_back(filter);
    rebuildFilters();
    Q_EMIT changed();
}

void LogToolbar::clear()
{
    m_view.filters.clear();
    m_view.hidden.clear();
    m_view.text.clear();
    const QSignalBlocker quiet(m_text);
    m_text->clear();
    m_typing.stop();
    rebuildFilters();
    Q_EMIT changed();
}

void LogToolbar::rebuildFilters()
{
    for (QToolButton* old : m_filters->findChildren<QToolButton*>())
        old->deleteLater();
    delete m_filters->layout();
    auto* row = new QHBoxLayout(m_filters);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (const LogFilter& filter : m_view.filters) {
        auto* chip = new QToolButton(m_filters);
        chip->setObjectName(u"logFilter"_s);
        const QString text = filter.name + (filter.exclude ? u" ≠ "_s : u" = "_s) + filter.value;
        QString shown = text.size() > kChipLength ? QString(text.left(kChipLength) + u'…') : text;
        chip->setText(shown.replace(u'&', u"&&"_s));
        chip->setIcon(themeIcon(u"close"_s, IconRole::Secondary));
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setToolTip(tr("Take this condition away"));
        chip->setAccessibleName(tr("Condition %1: press to take it away").arg(text));
        connect(chip, &QToolButton::clicked, this, [this, filter] {
            std::erase(m_view.filters, filter);
            rebuildFilters();
            Q_EMIT changed();
        });
        row->addWidget(chip);
    }
    row->addStretch(1);
    m_filters->setVisible(!m_view.filters.empty());
}

void LogToolbar::fillLevels()
{
    QMenu* menu = m_levels->menu();
    menu->clear();
    for (const LogLevel level : kLevels) {
        const auto count = m_model.levels.find(level);
        const int lines = count == m_model.levels.end() ? 0 : count->second;
        if (lines == 0 && !m_view.hidden.contains(level))
            continue;
        const QString name = level == LogLevel::Unknown ? tr("no level") : logLevelName(level);
        QAction* action = menu->addAction(levelIcon(level), tr("%1 (%2)").arg(name).arg(lines));
        action->setObjectName(logLevelName(level));
        action->setCheckable(true);
        action->setChecked(!m_view.hidden.contains(level));
        connect(action, &QAction::toggled, this, [this, level](bool on) {
            if (on)
                m_view.hidden.erase(level);
            else
                m_view.hidden.insert(level);
            Q_EMIT changed();
        });
    }
}

void LogToolbar::fillDedup()
{
    QMenu* menu = m_dedup->menu();
    menu->clear();
    const std::pair<QString, QString> ways[] = {{u"none"_s, tr("Every line")},
                                                {u"exact"_s, tr("Equal lines once")},
                                                {u"numbers"_s, tr("Once, whatever their numbers")},
                                                {u"signature"_s, tr("Once, whatever their words")}};
    for (const auto& [id, text] : ways) {
        QAction* action = menu->addAction(text);
        action->setObjectName(id);
        action->setCheckable(true);
        action->setChecked(m_model.dedup == id);
        connect(action, &QAction::triggered, this, [this, way = id] {
            m_view.dedup = way;
            Q_EMIT changed();
        });
    }
}

} // namespace Promdeck
