#pragma once

#include "widgets/panels/panelbody.h"

class QLabel;
class QTextBrowser;

namespace Promdeck {

class TableBody;

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

/// A panel type that Promdeck does not draw: says which, and lists its data as a table.
class PlaceholderBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit PlaceholderBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool needsData() const override { return false; }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] TableBody* table() const { return m_table; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    [[nodiscard]] bool isRendering() const override;

private:
    QString m_type;
    QLabel* m_label;
    TableBody* m_table;
};

} // namespace Promdeck
