#include "widgets/panels/valuebodies.h"

#include "models/panel/polystatmodel.h"
#include "widgets/common/plaintip.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace Promdeck {

void ValueBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data,
             context = input.context] { return singleValueModel(spec, *data, context); },
            [this, input](SingleValueModel model) { setModel(input, std::move(model)); });
}

void ValueBody::setModel(const PanelInput& input, SingleValueModel model)
{
    m_input = input;
    m_model = std::move(model);
    readOptions(input.spec);
    setAccessibleDescription(plainText());
    invalidate();
}

QString ValueBody::plainText() const
{
    QStringList lines;
    for (const SingleValue& value : m_model.values)
        lines << (value.name.isEmpty() ? value.display.toString() : value.name + u": "_s + value.display.toString());
    return lines.join(u'\n');
}

const SingleValue* ValueBody::valueAt(QPointF position) const
{
    const auto rects = itemRects(QRectF(0, 0, width(), pictureHeight()));
    for (size_t i = 0; i < rects.size() && i < m_model.values.size(); ++i) {
        if (rects[i].contains(position + QPointF(0, scrollOffset())))
            return &m_model.values[i];
    }
    return nullptr;
}

bool ValueBody::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const SingleValue* value = valueAt(help->pos())) {
            const QString text = value->name + u": "_s + value->display.toString();
            QToolTip::showText(help->globalPos(), plainTip(text), this);
            return true;
        }
    }
    return PictureBody::event(event);
}

void ValueBody::mouseMoveEvent(QMouseEvent* event)
{
    const SingleValue* value = valueAt(event->position());
    const bool link = value && !value->field.config.links.empty();
    setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ValueBody::mouseReleaseEvent(QMouseEvent* event)
{
    const SingleValue* value = valueAt(event->position());
    if (event->button() != Qt::LeftButton || !value || value->field.config.links.empty()) {
        PictureBody::mouseReleaseEvent(event);
        return;
    }
    DataLinkContext from;
    from.seriesName = value->name;
    from.fieldName = value->field.name;
    from.labels = value->labels;
    from.numeric = value->display.numeric;
    from.text = value->display.toString();
    if (value->times.isTimes() && value->times.size() > 0)
        from.timeMs = value->times.times().back();
    const std::vector<DataLink> links = value->field.config.links;
    followDataLinks(m_input, links, from, event->globalPosition().toPoint());
}

void StatBody::readOptions(const PanelSpec& panel)
{
    m_options = statOptions(panel);
}

std::vector<QRectF> StatBody::itemRects(const QRectF& area) const
{
    return statRects(area, int(m_model.values.size()), m_options);
}

void StatBody::paintPicture(QPainter* painter, const QRectF& area)
{
    paintStat(painter, area, m_model, m_options, Theme::instance().colors(), Theme::instance().isDark());
}

void GaugeBody::readOptions(const PanelSpec& panel)
{
    m_options = gaugeOptions(panel);
}

std::vector<QRectF> GaugeBody::itemRects(const QRectF& area) const
{
    return gaugeRects(area, int(m_model.values.size()), m_options);
}

void GaugeBody::paintPicture(QPainter* painter, const QRectF& area)
{
    paintGauge(painter, area, m_model, m_options, Theme::instance().colors(), Theme::instance().kind());
}

void BarGaugeBody::readOptions(const PanelSpec& panel)
{
    m_options = barGaugeOptions(panel);
}

std::vector<QRectF> BarGaugeBody::itemRects(const QRectF& area) const
{
    return barGaugeRects(area, int(m_model.values.size()), m_options);
}

void BarGaugeBody::paintPicture(QPainter* painter, const QRectF& area)
{
    paintBarGauge(painter, area, m_model, m_options, Theme::instance().colors(), Theme::instance().kind());
}

double BarGaugeBody::pictureHeight() const
{
    return barGaugeHeight(size(), int(m_model.values.size()), m_options);
}

void PolystatBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context] { return polystatModel(spec, *data, context); },
            [this, input](SingleValueModel model) { setModel(input, std::move(model)); });
}

void PolystatBody::readOptions(const PanelSpec& panel)
{
    m_options = statOptions(polystatAsStat(panel));
}

std::vector<QRectF> PolystatBody::itemRects(const QRectF& area) const
{
    return statRects(area, int(m_model.values.size()), m_options);
}

void PolystatBody::paintPicture(QPainter* painter, const QRectF& area)
{
    StatOptions options = m_options;
    const auto rects = itemRects(area);
    // Names identify the cells: they stay readable where cells are low.
    if (!rects.empty())
        options.titlePx = std::clamp(rects.front().height() * 0.28, 9.0, 18.0);
    paintStat(painter, area, m_model, options, Theme::instance().colors(), Theme::instance().isDark());
}

} // namespace Promdeck
