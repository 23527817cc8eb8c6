#pragma once

#include "widgets/panels/gaugepainter.h"
#include "widgets/panels/panelbody.h"
#include "widgets/panels/statpainter.h"

namespace Promdeck {

/// Stat, gauge and bar gauge: panels that show reduced values.
class ValueBody : public PictureBody
{
    Q_OBJECT
public:
    explicit ValueBody(QWidget* parent) : PictureBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return m_model.values.empty(); }
    [[nodiscard]] QString emptyText() const override { return m_model.noValueText; }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const SingleValueModel& model() const { return m_model; }
    /// Shows a ready model (tests, galleries).
    void setModel(const PanelInput& input, SingleValueModel model);

protected:
    virtual void readOptions(const PanelSpec& panel) = 0;
    [[nodiscard]] virtual std::vector<QRectF> itemRects(const QRectF& area) const = 0;
    bool event(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    [[nodiscard]] const SingleValue* valueAt(QPointF position) const;

    SingleValueModel m_model;
    PanelInput m_input;
};

class StatBody final : public ValueBody
{
    Q_OBJECT
public:
    explicit StatBody(QWidget* parent) : ValueBody(parent) {}

protected:
    void readOptions(const PanelSpec& panel) override;
    [[nodiscard]] std::vector<QRectF> itemRects(const QRectF& area) const override;
    void paintPicture(QPainter* painter, const QRectF& area) override;

private:
    StatOptions m_options;
};

class GaugeBody final : public ValueBody
{
    Q_OBJECT
public:
    explicit GaugeBody(QWidget* parent) : ValueBody(parent) {}

protected:
    void readOptions(const PanelSpec& panel) override;
    [[nodiscard]] std::vector<QRectF> itemRects(const QRectF& area) const override;
    void paintPicture(QPainter* painter, const QRectF& area) override;

private:
    GaugeOptions m_options;
};

class BarGaugeBody final : public ValueBody
{
    Q_OBJECT
public:
    explicit BarGaugeBody(QWidget* parent) : ValueBody(parent) {}

protected:
    void readOptions(const PanelSpec& panel) override;
    [[nodiscard]] std::vector<QRectF> itemRects(const QRectF& area) const override;
    void paintPicture(QPainter* painter, const QRectF& area) override;
    [[nodiscard]] double pictureHeight() const override;

private:
    BarGaugeOptions m_options;
};

/// The polystat plug-in's panel, as a grid of values.
class PolystatBody final : public ValueBody
{
    Q_OBJECT
public:
    explicit PolystatBody(QWidget* parent) : ValueBody(parent) {}
    void setInput(const PanelInput& input) override;

protected:
    void readOptions(const PanelSpec& panel) override;
    [[nodiscard]] std::vector<QRectF> itemRects(const QRectF& area) const override;
    void paintPicture(QPainter* painter, const QRectF& area) override;

private:
    StatOptions m_options;
};

} // namespace Promdeck
