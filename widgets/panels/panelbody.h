#pragma once

#include "models/core/background.h"
#include "models/panel/datalinks.h"
#include "models/panel/panelmodels.h"

#include <QFuture>
#include <QPixmap>
#include <QWidget>

#include <functional>
#include <optional>

namespace Promdeck {

class LokiClient;

/// What a panel shows, and how its texts are expanded.
struct PanelInput
{
    PanelSpec spec;
    PanelDataPtr data;
    PanelContext context;
    std::function<QString(const QString&)> interpolate; ///< may be empty: texts stay as they are
    std::shared_ptr<LokiClient> loki {}; ///< for panels of log lines; null = only what `data` has
};

/// The inside of a panel: everything below its header. One class per panel type. Bodies compute their model on
/// a worker thread and keep what they painted, so that scrolling costs a copy.
class PanelBody : public QWidget
{
    Q_OBJECT
public:
    explicit PanelBody(QWidget* parent);
    ~PanelBody() override;

    virtual void setInput(const PanelInput& input) = 0;
    /// True when processed data has nothing to show: the panel says "No data" then.
    [[nodiscard]] virtual bool isEmpty() const { return false; }
    /// Processing of the last input still runs.
    [[nodiscard]] bool isBusy() const { return m_pending > 0 || isRendering(); }
    /// Static panels (text) show themselves without data.
    [[nodiscard]] virtual bool needsData() const { return true; }
    /// Space the body wants around itself, px.
    [[nodiscard]] virtual int padding() const { return 8; }
    /// What to say instead of "No data"; empty = that.
    [[nodiscard]] virtual QString emptyText() const { return {}; }
    /// Another panel's crosshair (ms since the epoch); nothing hides it.
    virtual void setSharedTime(std::optional<qint64> time, bool withTooltip)
    {
        Q_UNUSED(time)
        Q_UNUSED(withTooltip)
    }
    /// A moment that stays marked; nothing lets it go.
    virtual void setPinnedTime(std::optional<qint64> time) { Q_UNUSED(time) }
    /// What an annotation made now would be about: a span that is marked, or the moment under the cursor.
    [[nodiscard]] virtual std::optional<TimeRange> markedTime() const { return {}; }
    /// The shown data as one text, for assistive technology and "copy".
    [[nodiscard]] virtual QString plainText() const { return {}; }

Q_SIGNALS:
    void updated(); ///< model or emptiness changed
    void zoomed(const Promdeck::TimeRange& range);
    void zoomedOut();
    void hovered(std::optional<qint64> time);
    /// The user chose a moment to be shown everywhere, or none any more.
    void timePicked(std::optional<qint64> time);
    void linkActivated(const QUrl& url);
    void annotateRequested(Promdeck::TimeRange range, const QPoint& globalPosition);
    void annotationActivated(const QString& id, const QPoint& globalPosition);

protected:
    /// Follows a value's link. With several, or always, a menu offers them first.
    void followDataLinks(const PanelInput& input, const std::vector<DataLink>& links, const DataLinkContext& from,
                         const QPoint& globalPosition, bool alwaysAsk = false);
    [[nodiscard]] virtual bool isRendering() const { return false; }

    /// Runs `work` on a worker and `done` with its result here; only the newest call's result arrives.
    template <typename Work, typename Done>
    void compute(Work work, Done done)
    {
        const quint64 turn = ++m_turn;
        ++m_pending;
        runInBackground(this, std::move(work), [this, turn, done](std::invoke_result_t<Work> result) {
            --m_pending;
            if (turn != m_turn)
                return;
            done(std::move(result));
            Q_EMIT updated();
        });
    }

private:
    quint64 m_turn = 0;
    int m_pending = 0;
};

/// Bodies that paint one picture: it is kept and only painted anew after a change of data, size or theme.
class PictureBody : public PanelBody
{
    Q_OBJECT
public:
    explicit PictureBody(QWidget* parent);

protected:
    /// Paints the whole picture; the painter's origin is the widget's.
    virtual void paintPicture(QPainter* painter, const QRectF& area) = 0;
    /// Height the picture wants; more than the widget has makes it scroll.
    [[nodiscard]] virtual double pictureHeight() const { return height(); }
    void invalidate();
    [[nodiscard]] double scrollOffset() const { return m_offset; }
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    QPixmap m_picture;
    double m_offset = 0;
};

} // namespace Promdeck
