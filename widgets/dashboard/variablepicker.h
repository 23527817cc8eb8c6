#pragma once

#include "models/dashboard/variables.h"

#include <QAbstractListModel>
#include <QFrame>
#include <QToolButton>

class QLineEdit;
class QListView;

namespace Promdeck {

/// The values of a variable as a list with ticks. Filtering is a substring or, written /like this/, a regular
/// expression; 50,000 values stay smooth because only seen rows are drawn.
class VariableOptionsModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;
    void setOptions(std::vector<VariableOption> options, bool includeAll, bool multi, const QStringList& current);
    void setFilter(const QString& text);
    [[nodiscard]] QStringList current() const { return m_current; }
    void toggle(int row);
    [[nodiscard]] QString valueAt(int row) const;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<VariableOption> m_options;
    std::vector<int> m_shown;
    QStringList m_current;
    bool m_multi = false;
};

/// Drop-down of one variable: search, ticks for several values, All.
class VariablePopup final : public QFrame
{
    Q_OBJECT
public:
    VariablePopup(const VariableState& state, QWidget* parent);

Q_SIGNALS:
    void chosen(const QStringList& values);

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void pick(int row);
    VariableOptionsModel* m_model;
    QListView* m_list;
    QLineEdit* m_search;
    QStringList m_before;
    bool m_multi;
};

/// The button of one variable in the bar.
class VariablePicker final : public QToolButton
{
    Q_OBJECT
public:
    explicit VariablePicker(QWidget* parent = nullptr);
    void setState(const VariableState& state);
    void openPopup();

Q_SIGNALS:
    void chosen(const QStringList& values);

private:
    VariableState m_state;
};

/// What the bar shows for the chosen values: "All", one text, or "a + b".
[[nodiscard]] QString variableText(const VariableState& state);

} // namespace Promdeck
