#pragma once

#include "widgets/panels/panelbody.h"

class QTextBrowser;

namespace Promdeck {

/// Text panel: Markdown, or the safe part of HTML. Links go through linkActivated.
class TextBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit TextBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool needsData() const override { return false; }
    [[nodiscard]] QString plainText() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void render();

    QTextBrowser* m_browser;
    PanelInput m_input;
};

/// A panel type that Promdeck does not draw yet: says which, and what it was asked to show.
class PlaceholderBody final : public PictureBody
{
    Q_OBJECT
public:
    explicit PlaceholderBody(QWidget* parent) : PictureBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool needsData() const override { return false; }
    [[nodiscard]] QString plainText() const override;

protected:
    void paintPicture(QPainter* painter, const QRectF& area) override;

private:
    QString m_type;
    qsizetype m_series = 0;
};

} // namespace Promdeck
