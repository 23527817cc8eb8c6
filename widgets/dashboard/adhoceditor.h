#pragma once

#include "models/core/result.h"
#include "models/dashboard/adhocfilter.h"

#include <QFrame>

#include <functional>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;

namespace Promdeck {

class VariableOptionsModel;

/// Where an ad-hoc editor gets its proposals: labels and their values, of series that meet the other filters. `done`
/// comes on the UI thread, unless `context` is gone by then.
struct LabelSource
{
    using Done = std::function<void(const Result<QStringList>&)>;
    std::function<void(QObject* context, const std::vector<AdhocFilter>& others, Done done)> names;
    std::function<void(QObject* context, const QString& label, const std::vector<AdhocFilter>& others, Done done)> values;
};

/// Label, operator and value of one filter, with the server's own as proposals below the field that has the focus.
/// Return goes on to the next field and, from the last one, applies.
class AdhocPopup final : public QFrame
{
    Q_OBJECT
public:
    AdhocPopup(const AdhocFilter& filter, std::vector<AdhocFilter> others, LabelSource source, bool isNew, QWidget* parent);

Q_SIGNALS:
    void applied(const Promdeck::AdhocFilter& filter);
    void removed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void goTo(QLineEdit* field);
    void propose(QLineEdit* field);
    void showProposals(const Result<QStringList>& proposals);
    void pick(int row);
    void accept();
    void updateApply();
    [[nodiscard]] AdhocFilter filter() const;

    std::vector<AdhocFilter> m_others;
    LabelSource m_source;
    QLineEdit* m_key;
    QComboBox* m_operator;
    QLineEdit* m_value;
    QLineEdit* m_field = nullptr; ///< what the list belongs to
    QListView* m_list;
    VariableOptionsModel* m_model;
    QLabel* m_state;
    QPushButton* m_apply;
    quint64 m_turn = 0;
};

/// The filters of one ad-hoc variable: a button each, and one for another.
class AdhocEditor final : public QWidget
{
    Q_OBJECT
public:
    AdhocEditor(LabelSource source, QWidget* parent);
    void setFilters(const std::vector<AdhocFilter>& filters);
    void edit(int index); ///< -1: a new one

Q_SIGNALS:
    void chosen(const QStringList& values); ///< as filterValues() gives them

private:
    void rebuild();
    void apply(std::vector<AdhocFilter> filters);

    LabelSource m_source;
    std::vector<AdhocFilter> m_filters;
    QHBoxLayout* m_layout;
};

} // namespace Promdeck
