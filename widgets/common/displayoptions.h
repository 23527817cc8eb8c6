#pragma once

#include <QObject>
#include <QString>

namespace Promdeck {

/// How the person at this desk likes to read, whatever the theme and the dashboard: everything that paints asks here
/// while painting and paints anew on changed().
class DisplayOptions final : public QObject
{
    Q_OBJECT
public:
    static DisplayOptions& instance();

    /// A second line of times below plots, IANA name; empty = none.
    [[nodiscard]] QString secondTimeZone() const { return m_secondTimeZone; }
    void setSecondTimeZone(const QString& zone);
    /// Series colours that people with any colour vision tell apart, and line patterns besides.
    [[nodiscard]] bool distinctSeries() const { return m_distinctSeries; }
    void setDistinctSeries(bool on);
    /// Size of all text, 1 = as designed.
    [[nodiscard]] double textScale() const { return m_textScale; }
    void setTextScale(double scale);
    static constexpr double kSmallest = 0.7;
    static constexpr double kLargest = 2.5;
    /// A length in px that grows with the text.
    [[nodiscard]] int scaled(int px) const { return int(px * m_textScale + 0.5); }

Q_SIGNALS:
    void changed();
    void textScaleChanged(); ///< before changed()

private:
    DisplayOptions() = default;

    QString m_secondTimeZone;
    bool m_distinctSeries = false;
    double m_textScale = 1;
};

} // namespace Promdeck
