#pragma once

#include "widgets/editor/optioneditors.h"

class QComboBox;
class QVBoxLayout;

namespace Promdeck {

/// Editors of values that are lists: one row for each entry, a button for another one.
class ListEditor : public OptionEditor
{
    Q_OBJECT
public:
    explicit ListEditor(QWidget* parent);
    [[nodiscard]] bool isWide() const override { return true; }

protected:
    void addButton(const QString& name, const QString& text, const std::function<void()>& add);
    /// Makes the rows anew.
    void rebuild(int rows);
    virtual void fillRow(int row, QWidget* widget) = 0;
    [[nodiscard]] QWidget* rowWidget(int row) const;
    /// A button at the end of a row.
    void addRemove(QWidget* row, const QString& name, const QString& text, const std::function<void()>& remove);
    /// Steps into another value from the outside leave the row being typed into alone.
    [[nodiscard]] bool hasFocusInside() const;

    QVBoxLayout* m_layout;
    QVBoxLayout* m_rowLayout;
    QList<QWidget*> m_rows;
};

/// {mode, steps: [{value, color}]}: the base step first, the others by value.
class ThresholdsEditor final : public ListEditor
{
    Q_OBJECT
public:
    explicit ThresholdsEditor(QWidget* parent);
    void setValue(const Json& value) override;

private:
    void fillRow(int row, QWidget* widget) override;
    void give(bool typing);

    QComboBox* m_mode;
    Json m_value;
    Json m_shown;
};

/// Value mappings, one row for each value, range, expression or special value.
class MappingsEditor final : public ListEditor
{
    Q_OBJECT
public:
    explicit MappingsEditor(QWidget* parent);
    void setValue(const Json& value) override;

    struct Row
    {
        QString type; ///< value, range, regex, special
        QString first;  ///< the value, the lower end, the pattern or what is matched
        QString second; ///< the upper end
        QString text;
        QString color;
        bool operator==(const Row&) const = default;
    };
    [[nodiscard]] static std::vector<Row> rowsOf(const Json& mappings);
    [[nodiscard]] static Json mappingsOf(const std::vector<Row>& rows);

private:
    void fillRow(int row, QWidget* widget) override;
    void give(bool typing);

    std::vector<Row> m_data;
    Json m_value;
};

/// [{title, url, targetBlank}]
class LinksEditor final : public ListEditor
{
    Q_OBJECT
public:
    explicit LinksEditor(QWidget* parent);
    void setValue(const Json& value) override;

private:
    void fillRow(int row, QWidget* widget) override;
    void give(const QString& key, int row, const Json& value, bool typing);

    Json m_value;
};

} // namespace Promdeck
