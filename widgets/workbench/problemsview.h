#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/diagnostic.h"
#endif

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;
class QTreeView;

namespace Promdeck {

class Workspace;

/// Every finding of a workspace, one per row: severity, message, code, file, line.
class ProblemsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Message, Code, File, Line, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, PathRole, OffsetRole, SeverityRole };
    explicit ProblemsModel(Workspace* workspace, QObject* parent);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void reload();

private:
    struct Row
    {
        QString path;
        QString name;
        Config::Diagnostic finding;
    };
    Workspace* m_workspace;
    std::vector<Row> m_rows;
};

/// The list of problems: sortable, filtered by words and by severity; Enter or a click jumps.
class ProblemsView final : public QWidget
{
    Q_OBJECT
public:
    ProblemsView(Workspace* workspace, QWidget* parent);
    [[nodiscard]] QTreeView* list() const { return m_list; }
    [[nodiscard]] ProblemsModel* model() const { return m_model; }

Q_SIGNALS:
    void jump(const QString& path, std::size_t offset);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    class Filter;
    Workspace* m_workspace;
    ProblemsModel* m_model;
    Filter* m_filter;
    QTreeView* m_list;
    QLineEdit* m_search;
    QToolButton* m_severities[3];
};

} // namespace Promdeck
