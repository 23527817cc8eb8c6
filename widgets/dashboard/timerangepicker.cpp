#include "widgets/dashboard/timerangepicker.h"

#include "models/core/clock.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/timerangetext.h"

#include <QBoxLayout>
#include <QCalendarWidget>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QStyle>
#include <QTextCharFormat>
#include <QTimeZone>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRecentRanges = 6;

QLabel* makeError(QWidget* parent, const QString& name)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, Theme::instance().colors().error);
    label->setPalette(palette);
    label->hide();
    return label;
}

void mark(QLineEdit* edit, QLabel* label, const QString& error)
{
    edit->setProperty("invalid", !error.isEmpty());
    edit->update();
    label->setText(error);
    label->setVisible(!error.isEmpty());
}

/// Qt's own arrows are green and its weekends red in every theme.
void styleCalendar(QCalendarWidget& calendar)
{
    for (const auto& [name, icon] : {std::pair(u"qt_calendar_prevmonth"_s, u"chevron-left"_s),
                                     std::pair(u"qt_calendar_nextmonth"_s, u"chevron-right"_s)}) {
        if (auto* button = calendar.findChild<QToolButton*>(name))
            button->setIcon(themeIcon(icon, IconRole::OnAccent));
    }
    QTextCharFormat weekend;
    weekend.setForeground(Theme::instance().colors().text);
    for (const Qt::DayOfWeek day : {Qt::Saturday, Qt::Sunday})
        calendar.setWeekdayTextFormat(day, weekend);
}

} // namespace

TimeRangePopup::TimeRangePopup(QWidget* parent) : QFrame(parent, Qt::Popup)
{
    setObjectName(u"timeRangePopup"_s);
    setFrameShape(QFrame::StyledPanel);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(14);
    layout->addWidget(makeFields(), 3);
    layout->addWidget(makeQuickList(), 2);
}

QWidget* TimeRangePopup::makeFields()
{
    auto* column = new QWidget(this);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_from = new QLineEdit(column);
    m_from->setObjectName(u"timeFrom"_s);
    m_fromError = makeError(column, u"timeFromError"_s);
    m_to = new QLineEdit(column);
    m_to->setObjectName(u"timeTo"_s);
    m_toError = makeError(column, u"timeToError"_s);
    const auto addField = [&](const QString& text, QLineEdit* edit, QLabel* error) {
        auto* label = new QLabel(text, column);
        label->setBuddy(edit);
        edit->setPlaceholderText(tr("now-6h, now/d, 2026-01-31 10:00"));
        layout->addWidget(label);
        layout->addWidget(edit);
        layout->addWidget(error);
        connect(edit, &QLineEdit::returnPressed, this, &TimeRangePopup::apply);
        connect(edit, &QLineEdit::textEdited, this, &TimeRangePopup::check);
    };
    addField(tr("&From"), m_from, m_fromError);
    addField(tr("&To"), m_to, m_toError);
    auto* applyButton = new QPushButton(tr("&Apply time range"), column);
    applyButton->setObjectName(u"timeApply"_s);
    applyButton->setDefault(true);
    connect(applyButton, &QPushButton::clicked, this, &TimeRangePopup::apply);
    layout->addSpacing(4);
    layout->addWidget(applyButton);
    m_calendar = new QCalendarWidget(column);
    m_calendar->setObjectName(u"timeCalendar"_s);
    m_calendar->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    styleCalendar(*m_calendar);
    m_calendar->setAccessibleName(tr("Calendar: the first click picks the start, the second the end"));
    connect(m_calendar, &QCalendarWidget::clicked, this, &TimeRangePopup::pickDay);
    layout->addSpacing(4);
    layout->addWidget(m_calendar);
    m_recent = new QListWidget(column);
    m_recent->setObjectName(u"timeRecent"_s);
    m_recent->setAccessibleName(tr("Recently used ranges"));
    m_recent->setMaximumHeight(110);
    m_recent->setFrameShape(QFrame::NoFrame);
    connect(m_recent, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        const QStringList ends = item->data(Qt::UserRole).toStringList();
        Q_EMIT chosen({ends.value(0), ends.value(1)});
    });
    layout->addWidget(m_recent);
    m_zone = new QComboBox(column);
    m_zone->setObjectName(u"timeZone"_s);
    m_zone->setAccessibleName(tr("Time zone"));
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    m_zone->addItem(tr("This computer's time"), QString());
    m_zone->addItem(tr("UTC"), u"utc"_s);
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds())
        m_zone->addItem(QString::fromUtf8(id), QString::fromUtf8(id));
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    connect(m_zone, &QComboBox::activated, this,
            [this](int index) { Q_EMIT timeZoneChosen(m_zone->itemData(index).toString()); });
    layout->addWidget(m_zone);
    return column;
}

QWidget* TimeRangePopup::makeQuickList()
{
    auto* column = new QWidget(this);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    m_search = new QLineEdit(column);
    m_search->setObjectName(u"timeSearch"_s);
    m_search->setPlaceholderText(tr("Search quick ranges"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_quick = new QListWidget(column);
    m_quick->setObjectName(u"timeQuick"_s);
    m_quick->setAccessibleName(tr("Quick ranges"));
    m_quick->setFrameShape(QFrame::NoFrame);
    m_quick->setMinimumWidth(190);
    for (const QuickRange& quick : quickRanges()) {
        auto* item = new QListWidgetItem(quick.text, m_quick);
        item->setData(Qt::UserRole, QStringList {quick.range.from, quick.range.to});
        item->setSizeHint({0, 26});
    }
    const auto choose = [this](QListWidgetItem* item) {
        const QStringList ends = item->data(Qt::UserRole).toStringList();
        Q_EMIT chosen({ends.value(0), ends.value(1)});
    };
    connect(m_quick, &QListWidget::itemClicked, this, choose);
    connect(m_quick, &QListWidget::itemActivated, this, choose);
    connect(m_search, &QLineEdit::textChanged, this, &TimeRangePopup::filterQuick);
    connect(m_search, &QLineEdit::returnPressed, this, [this, choose] {
        // A bare span works too: "13h" means the last 13 hours.
        const QString text = m_search->text().trimmed();
        if (const auto span = parseInterval(text); span.ok()) {
            Q_EMIT chosen({u"now-"_s + text, u"now"_s});
            return;
        }
        for (int i = 0; i < m_quick->count(); ++i) {
            if (!m_quick->item(i)->isHidden()) {
                choose(m_quick->item(i));
                return;
            }
        }
    });
    layout->addWidget(m_search);
    layout->addWidget(m_quick);
    return column;
}

void TimeRangePopup::setRange(const RawTimeRange& range, const QString& timeZone, const QList<RawTimeRange>& recent)
{
    m_timeZone = timeZone;
    m_from->setText(endText(range.from, timeZone));
    m_to->setText(endText(range.to, timeZone));
    m_recent->clear();
    for (const RawTimeRange& past : recent) {
        auto* item = new QListWidgetItem(rangeText(past, timeZone), m_recent);
        item->setData(Qt::UserRole, QStringList {past.from, past.to});
    }
    m_recent->setVisible(!recent.isEmpty());
    const int zone = m_zone->findData(timeZone);
    m_zone->setCurrentIndex(std::max(0, zone));
    for (int i = 0; i < m_quick->count(); ++i) {
        if (m_quick->item(i)->data(Qt::UserRole).toStringList() == QStringList {range.from, range.to})
            m_quick->setCurrentRow(i);
    }
    check();
}

bool TimeRangePopup::check()
{
    const qint64 now = Clock::system().nowMs();
    const auto from = parseTime(m_from->text(), now, false, m_timeZone);
    const auto to = parseTime(m_to->text(), now, true, m_timeZone);
    mark(m_from, m_fromError, from.ok() ? QString() : errorTitle(from.error()));
    QString toError = to.ok() ? QString() : errorTitle(to.error());
    if (from.ok() && to.ok() && *from >= *to)
        toError = tr("The end must be after the start");
    mark(m_to, m_toError, toError);
    return from.ok() && to.ok() && toError.isEmpty();
}

void TimeRangePopup::apply()
{
    if (check())
        Q_EMIT chosen({m_from->text().trimmed(), m_to->text().trimmed()});
}

void TimeRangePopup::filterQuick(const QString& text)
{
    for (int i = 0; i < m_quick->count(); ++i)
        m_quick->item(i)->setHidden(!m_quick->item(i)->text().contains(text, Qt::CaseInsensitive));
}

void TimeRangePopup::pickDay(const QDate& day)
{
    const QString date = day.toString(Qt::ISODate);
    if (m_pickingEnd && date >= m_from->text().left(10)) {
        m_to->setText(date + u" 23:59:59"_s);
        m_pickingEnd = false;
    } else {
        m_from->setText(date + u" 00:00:00"_s);
        m_to->setText(date + u" 23:59:59"_s);
        m_pickingEnd = true;
    }
    check();
}

TimeRangePicker::TimeRangePicker(QWidget* parent) : QToolButton(parent)
{
    setObjectName(u"timeRangePicker"_s);
    setIcon(themeIcon(u"clock"_s));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setAccessibleName(tr("Time range"));
    connect(this, &QToolButton::clicked, this, &TimeRangePicker::openPopup);
}

void TimeRangePicker::setRange(const RawTimeRange& range, const TimeRange& resolved, const QString& timeZone)
{
    const bool known = m_range.from.isEmpty() || range == m_range;
    if (!known) {
        m_recent.removeAll(m_range);
        m_recent.prepend(m_range);
        m_recent = m_recent.mid(0, kRecentRanges);
    }
    m_range = range;
    m_timeZone = timeZone;
    setText(rangeText(range, timeZone));
    setToolTip(tr("%1\nto %2\n%3").arg(momentText(resolved.fromMs, timeZone), momentText(resolved.toMs, timeZone),
                                      timeZone.isEmpty() ? tr("This computer's time") : timeZone));
}

void TimeRangePicker::openPopup()
{
    auto* popup = new TimeRangePopup(this);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setRange(m_range, m_timeZone, m_recent);
    connect(popup, &TimeRangePopup::chosen, this, [this, popup](const RawTimeRange& range) {
        popup->close();
        Q_EMIT chosen(range);
    });
    connect(popup, &TimeRangePopup::timeZoneChosen, this, [this, popup](const QString& zone) {
        popup->close();
        Q_EMIT timeZoneChosen(zone);
    });
    popup->adjustSize();
    const QPoint below = mapToGlobal(QPoint(width() - popup->width(), height() + 2));
    const QRect area = screen()->availableGeometry();
    popup->move(std::max(area.left(), below.x()), std::max(area.top(), std::min(below.y(), area.bottom() - popup->height())));
    popup->show();
    popup->findChild<QLineEdit*>(u"timeFrom"_s)->setFocus();
}

} // namespace Promdeck
