#pragma once

#include <QHash>
#include <QHeaderView>

namespace Promdeck {

/// Header of a table panel: link-coloured names, a sort arrow, a funnel where a column can be filtered.
class TableHeader final : public QHeaderView
{
    Q_OBJECT
public:
    explicit TableHeader(QWidget* parent);
    struct Section
    {
        Qt::Alignment alignment;
        bool filterable = false;
        bool filtered = false;
    };
    void setSections(QList<Section> sections);
    void setSort(int section, bool descending); ///< -1: none
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void sortRequested(int section);
    void filterRequested(int section, const QPoint& globalPosition);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QRect funnelRect(const QRect& section) const;
    QList<Section> m_sections;
    int m_sortSection = -1;
    bool m_descending = false;
    QPoint m_pressed;
};

/// The sums below a table, aligned with its columns.
class TableFooter final : public QWidget
{
    Q_OBJECT
public:
    TableFooter(QHeaderView* header, QWidget* parent);
    void setTexts(const QStringList& texts, const QList<Qt::Alignment>& alignments);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QHeaderView* m_header;
    QStringList m_texts;
    QList<Qt::Alignment> m_alignments;
};

} // namespace Promdeck
