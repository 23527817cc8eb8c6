#pragma once

#include "models/panel/panelmodels.h"
#include "widgets/plot/plottheme.h"

#include <QImage>
#include <QSet>
#include <QWidget>

#include <memory>
#include <optional>

namespace Promdeck {

class LegendView;
class PlotCanvas;
struct HoverSample;

/// A time series panel's content: plot and legend. Which series the user has switched off stays with the
/// view (by name) when new data arrives.
class TimeSeriesView final : public QWidget
{
    Q_OBJECT

public:
    explicit TimeSeriesView(QWidget* parent = nullptr);

    void setModel(std::shared_ptr<const TimeSeriesModel> model);
    void setModel(TimeSeriesModel model);
    [[nodiscard]] const std::shared_ptr<const TimeSeriesModel>& model() const { return m_model; }
    void setThemeKind(ThemeKind kind);
    void setPlotTheme(const PlotTheme& theme);
    /// IANA name; empty = UTC.
    void setTimeZone(const QString& timeZone);

    [[nodiscard]] QStringList hiddenSeries() const { return m_hidden.values(); }
    void setHiddenSeries(const QStringList& names);
    /// Shows one series alone; all again when it already was.
    void isolateSeries(int series);
    void toggleSeries(int series);

    [[nodiscard]] PlotCanvas* canvas() const { return m_canvas; }
    [[nodiscard]] LegendView* legend() const { return m_legend; }
    [[nodiscard]] QSize sizeHint() const override { return {600, 300}; }

    /// The view as it would look at a size, drawn now: for export at any resolution.
    [[nodiscard]] QImage toImage(QSize size, double dpr, bool withBackground = true) const;

public Q_SLOTS:
    void setSharedHover(std::optional<qint64> timeMs, bool withTooltip = false);

Q_SIGNALS:
    void zoomRequested(Promdeck::TimeRange range);
    void zoomOutRequested();
    void hoverTimeChanged(std::optional<qint64> timeMs);
    void hiddenSeriesChanged(const QStringList& names);
    void sampleClicked(const Promdeck::HoverSample& sample, const QPoint& globalPosition);
    void pictureReady();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void applyHidden();
    [[nodiscard]] std::vector<char> hiddenFlags() const;

    std::shared_ptr<const TimeSeriesModel> m_model;
    PlotTheme m_theme;
    QString m_timeZone;
    QSet<QString> m_hidden;
    PlotCanvas* m_canvas;
    LegendView* m_legend;
};

/// Draws a panel's content (plot and legend) without a widget. Same code as on screen; any thread.
[[nodiscard]] QImage renderTimeSeries(const TimeSeriesModel& model, QSize size, double dpr, const PlotTheme& theme,
                                      const QString& timeZone, bool withBackground = true,
                                      const std::vector<char>& hidden = {});

} // namespace Promdeck
