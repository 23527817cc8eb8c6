#pragma once

#include "widgets/panels/panelbody.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QToolButton>

class QMenu;

namespace Promdeck {

class AgeBadge;

/// What a panel's menu and badges ask somebody else for.
enum class PanelRequest {
    Edit,
    InspectData, InspectStatistics, InspectQuery, InspectJson, InspectErrors,
    SaveCsv, SaveExcel, SavePng, SaveSvg, CopyMarkdown
};

/// One panel: frame, header (title, description, links, warnings, menu), loading bar, and its body or what
/// went wrong. Knows nothing of sessions: somebody gives it PanelInput.
class PanelWidget final : public QWidget
{
    Q_OBJECT
    Q_MOC_INCLUDE(<QMenu>)
    Q_PROPERTY(QColor background READ background)
public:
    explicit PanelWidget(QWidget* parent = nullptr);
    ~PanelWidget() override;

    void setInput(const PanelInput& input);
    [[nodiscard]] const PanelInput& input() const { return m_input; }
    [[nodiscard]] PanelBody* body() const { return m_body; }
    [[nodiscard]] QString title() const { return m_title; }
    /// What stands in the panel instead of its body: the server's message, "No data", or nothing.
    [[nodiscard]] QString stateText() const { return m_stateText; }
    [[nodiscard]] bool isLoading() const;
    /// Nothing is being computed or drawn any more.
    [[nodiscard]] bool isSettled() const;
    /// How old the data is, while it is that of an earlier run; empty when it is fresh.
    [[nodiscard]] QString ageText() const;
    [[nodiscard]] QColor background() const;
    /// Width in px the data is drawn on: the resolution to ask for.
    [[nodiscard]] static int contentWidth(int panelWidth) { return std::max(1, panelWidth - 18); }
    void setMaximised(bool maximised);
    /// Its data as a table instead of the chart.
    void setAsTable(bool asTable);
    [[nodiscard]] bool isAsTable() const { return m_asTable; }
    /// What it shows, for those who do not see it.
    [[nodiscard]] QString sentence() const { return m_sentence; }
    /// Offers to take the panel out of its place (and back), by a button behind the title.
    void setDetachable(bool detachable) { m_detachable = detachable; }
    void setDetached(bool detached);
    /// Height in px of the title's line; 0 without a title.
    [[nodiscard]] int headerHeight() const;
    /// Paints the panel as it is, without buttons, focus frame and loading bar: for pictures and printing.
    void paintFor(QPainter* painter);

Q_SIGNALS:
    void zoomed(const Promdeck::TimeRange& range);
    void zoomedOut();
    void hovered(std::optional<qint64> time);
    void timePicked(std::optional<qint64> time);
    void linkActivated(const QUrl& url);
    void maximiseRequested();
    void refreshRequested();
    void detachRequested(); ///< out, or back where it came from
    void requested(Promdeck::PanelRequest request);
    void annotateRequested(Promdeck::TimeRange range, const QPoint& globalPosition);
    void annotationActivated(const QString& id, const QPoint& globalPosition);
    /// The menu is about to show; others add what they can do with a panel.
    void menuOpening(QMenu* menu);
    void titleChanged();
    void settled();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void makeBody();
    void updateState();
    void updateBadges();
    void updateAge();
    void describe();
    void layoutChildren();
    void showMenu(const QPoint& globalPosition);
    void showErrors();
    void copyImage();
    void followLinks();
    void setMenuVisible(bool visible);
    QToolButton* ensureButton(QPointer<QToolButton>& button, const char16_t* name, const char16_t* icon);
    void paintHeader(QPainter* painter);
    void paintState(QPainter* painter);
    void paintLoading(QPainter* painter);
    [[nodiscard]] int badgeCount() const; ///< buttons behind the title
    [[nodiscard]] QRect bodyRect() const;
    [[nodiscard]] QString expand(const QString& text) const;

    PanelInput m_input;
    QString m_bodyType;
    PanelBody* m_body = nullptr;
    QString m_title;
    QString m_stateText;
    QString m_stateDetail;
    bool m_stateIsError = false;
    bool m_hovered = false;
    bool m_keyboardFocus = false;
    bool m_maximised = false;
    bool m_asTable = false;
    QString m_sentence;
    PanelDataPtr m_described; ///< what m_sentence is about
    bool m_detachable = false;
    bool m_detached = false;
    QPointer<QToolButton> m_menuButton;
    QPointer<QToolButton> m_detachButton;
    QPointer<QToolButton> m_infoButton;
    QPointer<QToolButton> m_alertButton;
    QPointer<QToolButton> m_linkButton;
    QPointer<QToolButton> m_stacksButton; ///< stacks that did not answer
    AgeBadge* m_age = nullptr; ///< since when the data is, while it is stale
    QTimer m_ageTimer;
    QTimer m_loadingTimer;
    QElapsedTimer m_loadingSince;
};

} // namespace Promdeck
