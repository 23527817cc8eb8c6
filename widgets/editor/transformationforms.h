#pragma once

#include "widgets/editor/optioneditors.h"
#include "widgets/editor/transformationspecs.h"

class QVBoxLayout;

namespace Promdeck {

/// Forms for the options of a transformation that are no single values. All edit the step's whole options and learn
/// from the context which fields come in.

/// The columns of an "organize" step: shown or not, renamed, in another order.
class OrganizeEditor final : public OptionEditor
{
    Q_OBJECT
public:
    explicit OrganizeEditor(QWidget* parent);
    void setValue(const Json& value) override;
    void setContext(const OptionContext& context) override;
    [[nodiscard]] bool isWide() const override { return true; }

private:
    void rebuild();
    void move(int row, int by);
    [[nodiscard]] QStringList ordered() const;

    QVBoxLayout* m_layout;
    QList<QWidget*> m_rows;
    QStringList m_fields;
    QStringList m_shown;
    Json m_value;
};

/// What becomes of each field when rows are grouped: nothing, a key, or calculations.
class GroupByEditor final : public OptionEditor
{
    Q_OBJECT
public:
    explicit GroupByEditor(QWidget* parent);
    void setValue(const Json& value) override;
    void setContext(const OptionContext& context) override;
    [[nodiscard]] bool isWide() const override { return true; }

private:
    void rebuild();
    void show();
    void setMember(const QString& field, const QString& key, const Json& value);

    QVBoxLayout* m_layout;
    QList<QWidget*> m_rows;
    QStringList m_fields;
    Json m_value;
};

/// A list of objects, a row for each, as a table of columns says (conditions, sort keys, conversions).
class RowsEditor final : public OptionEditor
{
    Q_OBJECT
public:
    RowsEditor(const TransformationRows& rows, QWidget* parent);
    void setValue(const Json& value) override;
    void setContext(const OptionContext& context) override;
    [[nodiscard]] bool isWide() const override { return true; }

private:
    void rebuild();
    void give(const Json& list, bool typing);

    const TransformationRows m_spec;
    OptionContext m_context;
    QVBoxLayout* m_rowLayout;
    QList<QWidget*> m_rows;
    std::vector<std::vector<OptionEditor*>> m_cells;
    Json m_value;
};

} // namespace Promdeck
