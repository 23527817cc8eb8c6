#pragma once

#include "models/query/timegrammar.h"

#include <QFrame>
#include <QToolButton>

class QCalendarWidget;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;

namespace Promdeck {

/// The pop-up of the picker: quick ranges, two fields in Grafana's grammar with errors below them, a calendar,
/// recent ranges, the time zone.
class TimeRangePopup final : public QFrame
{
    Q_OBJECT
public:
    explicit TimeRangePopup(QWidget* parent);
    void setRange(const RawTimeRange& range, const QString& timeZone, const QList<RawTimeRange>& recent);

Q_SIGNALS:
    void chosen(const Promdeck::RawTimeRange& range);
    void timeZoneChosen(const QString& zone);

private:
    QWidget* makeFields();
    QWidget* makeQuickList();
    void apply();
    bool check();
    void filterQuick(const QString& text);
    void pickDay(const QDate& day);

    QLineEdit* m_from;
    QLineEdit* m_to;
    QLabel* m_fromError;
    QLabel* m_toError;
    QCalendarWidget* m_calendar;
    QListWidget* m_recent;
    QLineEdit* m_search;
    QListWidget* m_quick;
    QComboBox* m_zone;
    QString m_timeZone;
    bool m_pickingEnd = false;
};

/// The button that shows the range and opens the pop-up.
class TimeRangePicker final : public QToolButton
{
    Q_OBJECT
public:
    explicit TimeRangePicker(QWidget* parent = nullptr);
    void setRange(const RawTimeRange& range, const TimeRange& resolved, const QString& timeZone);
    [[nodiscard]] RawTimeRange range() const { return m_range; }
    void openPopup();

Q_SIGNALS:
    void chosen(const Promdeck::RawTimeRange& range);
    void timeZoneChosen(const QString& zone);

private:
    RawTimeRange m_range;
    QString m_timeZone;
    QList<RawTimeRange> m_recent;
};

} // namespace Promdeck
