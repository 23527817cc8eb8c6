#include "widgets/panels/panelwidget.h"

#include "widgets/common/errortext.h"
#include "widgets/common/exportpainting.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/common/displayoptions.h"
#include "widgets/panels/astablebody.h"
#include "widgets/panels/panelfactory.h"
#include "widgets/panels/panelsentence.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QGraphicsEffect>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QToolTip>
#include <QUrl>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kTitlePx = 14;
constexpr int kLoadingDelayMs = 250; // quick answers show no bar
constexpr int kLoadingFrameMs = 40;
constexpr int kButton = 24;
constexpr int kRoomForDetach = 160;
constexpr int kAgeMs = 30'000;
constexpr int kAgePx = 11;
constexpr int kGrey = 9; // to one part of the colour that old data keeps

/// Height of the title's line, which grows with the text.
int headerPx()
{
    return DisplayOptions::instance().scaled(34);
}

QFont textFont(int px, QFont::Weight weight = QFont::Normal)
{
    return panelFont(DisplayOptions::instance().scaled(px), weight);
}

QString spanText(qint64 ms)
{
    return ms < 60'000 ? PanelWidget::tr("less than a minute ago") : PanelWidget::tr("%1 ago").arg(durationText(ms));
}

} // namespace

/// Takes the colour out of what is painted, and leaves light and dark as they are.
class GreyEffect final : public QGraphicsEffect
{
public:
    using QGraphicsEffect::QGraphicsEffect;

protected:
    void draw(QPainter* painter) override
    {
        QPoint offset;
        QImage image = sourcePixmap(Qt::LogicalCoordinates, &offset, NoPad).toImage().convertToFormat(QImage::Format_ARGB32_Premultiplied);
        for (int y = 0; y < image.height(); ++y) {
            auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
            for (int x = 0; x < image.width(); ++x) {
                const int grey = qGray(line[x]);
                const auto towards = [grey](int channel) { return (channel + kGrey * grey) / (kGrey + 1); };
                line[x] = qRgba(towards(qRed(line[x])), towards(qGreen(line[x])), towards(qBlue(line[x])), qAlpha(line[x]));
            }
        }
        painter->drawImage(offset, image);
    }
};

/// "as of 14:02, 3 hours ago", over the panel's corner.
class AgeBadge final : public QWidget
{
public:
    explicit AgeBadge(QWidget* parent) : QWidget(parent)
    {
        setObjectName(u"panelAge"_s);
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    void setText(const QString& text)
    {
        m_text = text;
        setFont(textFont(kAgePx));
        resize(fontMetrics().horizontalAdvance(text) + 10, fontMetrics().height() + 4);
        update();
    }
    [[nodiscard]] QString text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const ThemeColors& c = Theme::instance().colors();
        painter.setPen(Qt::NoPen);
        painter.setBrush(blend(c.panel, withAlpha(c.warning, 0.14)));
        painter.drawRoundedRect(QRectF(rect()), 3, 3);
        painter.setPen(c.warning);
        painter.drawText(rect(), Qt::AlignCenter, m_text);
    }

private:
    QString m_text;
};

PanelWidget::PanelWidget(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::TabFocus);
    m_loadingTimer.setInterval(kLoadingFrameMs);
    connect(&m_loadingTimer, &QTimer::timeout, this, [this] {
        if (m_loadingSince.elapsed() > kLoadingDelayMs)
            update(0, 0, width(), 3);
    });
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    connect(&DisplayOptions::instance(), &DisplayOptions::textScaleChanged, this, [this] {
        layoutChildren();
        update();
    });
    m_ageTimer.setInterval(kAgeMs);
    connect(&m_ageTimer, &QTimer::timeout, this, &PanelWidget::updateAge);
}

PanelWidget::~PanelWidget()
{
    // While this is still a panel: a body that loses the keyboard focus on its way out says so.
    delete m_body;
}

QColor PanelWidget::background() const
{
    return m_input.spec.transparent ? Theme::instance().colors().canvas : Theme::instance().colors().panel;
}

QString PanelWidget::expand(const QString& text) const
{
    return m_input.interpolate ? m_input.interpolate(text) : text;
}

void PanelWidget::setInput(const PanelInput& input)
{
    const bool wasTransparent = m_input.spec.transparent;
    m_input = input;
    if (!m_input.data)
        m_input.data = std::make_shared<const PanelData>();
    const QString title = expand(input.spec.title);
    if (title != m_title) {
        m_title = title;
        setAccessibleName(title.isEmpty() ? tr("Panel without title") : title);
        update();
        Q_EMIT titleChanged();
    }
    if (wasTransparent != input.spec.transparent)
        update();
    makeBody();
    // A panel that is loading keeps showing what it had.
    const bool answered = m_input.data->state == PanelData::State::Done || m_input.data->state == PanelData::State::Failed;
    const bool hasNews = answered || !m_body->needsData() || (m_body->isEmpty() && !m_input.data->frames.empty());
    if (hasNews)
        m_body->setInput(m_input);
    if (isLoading() && !m_loadingTimer.isActive()) {
        m_loadingSince.start();
        m_loadingTimer.start();
    } else if (!isLoading() && m_loadingTimer.isActive()) {
        m_loadingTimer.stop();
        update(0, 0, width(), 3);
    }
    updateState();
}

void PanelWidget::makeBody()
{
    const QString wanted = m_asTable ? u"promdeck:as-table"_s : m_input.spec.type;
    if (m_body && m_bodyType == wanted)
        return;
    delete m_body;
    m_bodyType = wanted;
    m_body = m_asTable ? new AsTableBody(this) : makePanelBody(m_bodyType, this);
    m_body->setObjectName(u"panelBody"_s);
    connect(m_body, &PanelBody::updated, this, &PanelWidget::updateState);
    connect(m_body, &PanelBody::zoomed, this, &PanelWidget::zoomed);
    connect(m_body, &PanelBody::zoomedOut, this, &PanelWidget::zoomedOut);
    connect(m_body, &PanelBody::hovered, this, &PanelWidget::hovered);
    connect(m_body, &PanelBody::timePicked, this, &PanelWidget::timePicked);
    connect(m_body, &PanelBody::linkActivated, this, &PanelWidget::linkActivated);
    connect(m_body, &PanelBody::annotateRequested, this, &PanelWidget::annotateRequested);
    connect(m_body, &PanelBody::annotationActivated, this, &PanelWidget::annotationActivated);
    layoutChildren();
    m_body->show();
}

bool PanelWidget::isLoading() const
{
    return m_input.data && m_input.data->state == PanelData::State::Loading;
}

bool PanelWidget::isSettled() const
{
    return !isLoading() && (!m_body || !m_body->isBusy());
}

void PanelWidget::updateState()
{
    const PanelData& data = *m_input.data;
    const QString text = std::exchange(m_stateText, {});
    const QString detail = std::exchange(m_stateDetail, {});
    const int badges = badgeCount();
    m_stateIsError = false;
    if (m_body->needsData()) {
        if (data.error && data.frames.empty()) {
            m_stateText = errorTitle(*data.error);
            m_stateDetail = errorDetails(*data.error);
            m_stateIsError = true;
        } else if (data.state == PanelData::State::Done && !m_body->isBusy() && m_body->isEmpty()) {
            m_stateText = m_body->emptyText().isEmpty() ? tr("No data") : m_body->emptyText();
        }
    }
    const bool waits = m_body->needsData() && data.frames.empty() && m_body->isEmpty();
    m_body->setVisible(m_stateText.isEmpty() && !waits);
    if (!m_stateText.isEmpty())
        setAccessibleDescription(m_stateText + u'\n' + m_stateDetail);
    else
        describe();
    updateBadges();
    updateAge();
    layoutChildren();
    // The body paints itself: the frame around it only changes with what it says itself.
    if (text != m_stateText || detail != m_stateDetail || badges != badgeCount())
        update();
    if (isSettled())
        Q_EMIT settled();
}

/// Reads all samples, so a worker does it.
void PanelWidget::describe()
{
    if (m_described == m_input.data || !m_body->needsData()) {
        setAccessibleDescription(m_body->needsData() ? m_sentence : m_body->plainText());
        return;
    }
    m_described = m_input.data;
    runInBackground(
        this, [title = m_title, data = m_input.data, context = m_input.context] { return panelSentence(title, *data, context); },
        [this, of = m_described](const QString& sentence) {
            if (of != m_described)
                return;
            m_sentence = sentence;
            if (m_stateText.isEmpty())
                setAccessibleDescription(sentence);
        });
}

void PanelWidget::setAsTable(bool asTable)
{
    if (asTable == m_asTable || !m_body)
        return;
    m_asTable = asTable;
    const bool hadFocus = m_body->isAncestorOf(QApplication::focusWidget());
    makeBody();
    m_body->setInput(m_input);
    updateState();
    if (hadFocus)
        m_body->setFocus(Qt::OtherFocusReason);
}

QString PanelWidget::ageText() const
{
    return m_age ? m_age->text() : QString();
}

/// Data of an earlier run is grey, and says when it was true.
void PanelWidget::updateAge()
{
    const std::optional<qint64> since = m_input.data ? m_input.data->staleSinceMs : std::nullopt;
    if (!since) {
        delete std::exchange(m_age, nullptr);
        m_ageTimer.stop();
        if (m_body->graphicsEffect())
            m_body->setGraphicsEffect(nullptr);
        return;
    }
    if (!m_body->graphicsEffect()) {
        m_body->setGraphicsEffect(new GreyEffect(m_body));
    }
    if (!m_age) {
        m_age = new AgeBadge(this);
        m_age->show();
    }
    const qint64 nowMs = QDateTime::currentMSecsSinceEpoch();
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(*since);
    const bool today = at.date() == QDateTime::currentDateTime().date();
    const QString moment = at.toString(today ? u"HH:mm"_s : u"yyyy-MM-dd HH:mm"_s);
    const QString brief = tr("as of %1").arg(moment);
    const QString whole = tr("as of %1, %2").arg(moment, spanText(nowMs - *since));
    const int room = QFontMetrics(textFont(kAgePx)).horizontalAdvance(whole) + 16;
    m_age->setText(room > width() / 2 ? brief : whole);
    m_age->setAccessibleName(whole);
    m_ageTimer.start();
}

QToolButton* PanelWidget::ensureButton(QPointer<QToolButton>& button, const char16_t* name, const char16_t* icon)
{
    if (!button) {
        button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setObjectName(QString::fromUtf16(name));
        button->setFixedSize(kButton, kButton);
        button->setIcon(themeIcon(QString::fromUtf16(icon), IconRole::Secondary));
    }
    return button;
}

void PanelWidget::updateBadges()
{
    const QString description = expand(m_input.spec.description);
    if (!description.isEmpty()) {
        QToolButton* button = ensureButton(m_infoButton, u"panelInfo", u"info");
        button->setToolTip(plainTip(description));
        button->setAccessibleName(tr("Description: %1").arg(description));
        button->show();
    } else {
        delete m_infoButton;
    }
    const PanelData& data = *m_input.data;
    QStringList alerts;
    if (data.error)
        alerts << errorText(*data.error);
    for (const Error& error : data.transformErrors)
        alerts << errorText(error);
    alerts << data.warnings;
    if (!alerts.isEmpty()) {
        QToolButton* button = ensureButton(m_alertButton, u"panelAlert", u"warning");
        button->setIcon(themeIcon(u"warning"_s, data.error ? IconRole::Error : IconRole::Warning));
        button->setToolTip(plainTip(alerts.join(u"\n\n"_s)));
        button->setAccessibleName(tr("Problem: %1").arg(alerts.join(u"; "_s)));
        connect(button, &QToolButton::clicked, this, &PanelWidget::showErrors, Qt::UniqueConnection);
        button->show();
    } else {
        delete m_alertButton;
    }
    if (!data.failedStacks.empty()) {
        QToolButton* button = ensureButton(m_stacksButton, u"panelStacksFailed", u"server");
        button->setIcon(themeIcon(u"server"_s, IconRole::Error));
        QStringList lines;
        for (const PanelData::StackProblem& failed : data.failedStacks)
            lines << failed.stack + u": "_s + errorText(failed.error);
        button->setToolTip(plainTip(lines.join(u"\n\n"_s)));
        button->setAccessibleName(tr("Stacks that did not answer: %1").arg(lines.join(u"; "_s)));
        connect(button, &QToolButton::clicked, this, &PanelWidget::showErrors, Qt::UniqueConnection);
        button->show();
    } else {
        delete m_stacksButton;
    }
    if (!m_input.spec.links.empty()) {
        QToolButton* button = ensureButton(m_linkButton, u"panelLinks", u"external");
        QStringList titles;
        for (const LinkSpec& link : m_input.spec.links)
            titles << expand(link.title.isEmpty() ? link.url : link.title);
        button->setToolTip(plainTip(titles.join(u'\n')));
        button->setAccessibleName(tr("Links: %1").arg(titles.join(u", "_s)));
        connect(button, &QToolButton::clicked, this, &PanelWidget::followLinks, Qt::UniqueConnection);
        button->show();
    } else {
        delete m_linkButton;
    }
}

int PanelWidget::badgeCount() const
{
    return (m_infoButton ? 1 : 0) + (m_stacksButton ? 1 : 0) + (m_linkButton ? 1 : 0) + (m_alertButton ? 1 : 0);
}

int PanelWidget::headerHeight() const
{
    return m_title.isEmpty() ? 0 : headerPx();
}

QRect PanelWidget::bodyRect() const
{
    const int padding = m_body ? m_body->padding() : 8;
    const int top = headerHeight() > 0 ? headerHeight() : std::max(1, padding);
    return {1 + padding, top, width() - 2 - 2 * padding, height() - top - std::max(1, padding)};
}

void PanelWidget::layoutChildren()
{
    if (m_body)
        m_body->setGeometry(bodyRect());
    const int y = (headerPx() - kButton) / 2;
    int right = width() - 5;
    if (m_menuButton) {
        m_menuButton->move(right - kButton, y);
        m_menuButton->raise();
    }
    if (m_detachButton) {
        m_detachButton->move(right - 2 * kButton, y);
        m_detachButton->raise();
    }
    if (m_age) {
        const bool buttons = m_menuButton && m_menuButton->isVisible();
        const int place = headerHeight() > 0 ? (headerPx() - m_age->height()) / 2 : height() - m_age->height() - 3;
        m_age->move(width() - m_age->width() - 6 - (buttons && headerHeight() > 0 ? 2 * kButton : 0), place);
        m_age->raise();
    }
    // Behind the title, in reading order.
    const int titleWidth = int(QFontMetricsF(textFont(kTitlePx, QFont::Medium)).horizontalAdvance(m_title));
    const int badges = badgeCount();
    const int menu = (m_menuButton && m_menuButton->isVisible() ? kButton : 0)
        + (m_detachButton && m_detachButton->isVisible() ? kButton : 0);
    int x = m_title.isEmpty() ? 4 : std::min(9 + titleWidth + 4, right - menu - badges * kButton);
    for (QToolButton* button : {m_infoButton.data(), m_linkButton.data(), m_stacksButton.data(), m_alertButton.data()}) {
        if (!button)
            continue;
        button->move(std::max(2, x), y);
        button->raise();
        x += kButton;
    }
}

void PanelWidget::resizeEvent(QResizeEvent*)
{
    layoutChildren();
}

void PanelWidget::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const ThemeColors& c = Theme::instance().colors();
    painter.fillRect(event->rect(), m_input.spec.transparent ? c.canvas : c.panel);
    const bool focus = m_keyboardFocus && !ExportPainting::isActive();
    if (!m_input.spec.transparent || focus)
        drawFrame(&painter, rect(), focus ? c.accent : blend(c.panel, c.borderWeak));
    // More than the strip of the loading bar.
    if (event->rect().height() > 3 || event->rect().top() > 3) {
        if (event->rect().top() < headerHeight())
            paintHeader(&painter);
        if (!m_stateText.isEmpty())
            paintState(&painter);
    }
    if (!ExportPainting::isActive())
        paintLoading(&painter);
}

void PanelWidget::paintHeader(QPainter* painter)
{
    if (m_title.isEmpty())
        return;
    const ThemeColors& c = Theme::instance().colors();
    painter->setFont(textFont(kTitlePx, QFont::Medium));
    painter->setPen(c.text);
    const int reserved = badgeCount() * kButton + (m_hovered ? (m_detachable ? 2 : 1) * kButton : 0) + (m_age ? m_age->width() : 0);
    drawElided(painter, QRectF(9, 0, width() - 18 - reserved, headerPx()), m_title, Qt::AlignLeft | Qt::AlignVCenter);
}

void PanelWidget::paintState(QPainter* painter)
{
    const ThemeColors& c = Theme::instance().colors();
    const QRectF area = QRectF(bodyRect()).adjusted(4, 0, -4, 0);
    if (!m_stateIsError) {
        const double px = std::clamp(area.height() / 5, 11.0, double(DisplayOptions::instance().scaled(16)));
        painter->setFont(panelFont(px));
        painter->setPen(c.textSecondary);
        painter->drawText(area, Qt::AlignCenter | Qt::TextWordWrap, m_stateText);
        return;
    }
    painter->setFont(textFont(13, QFont::Medium));
    const QFontMetricsF metrics(painter->font());
    const QRectF titleBounds = metrics.boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, m_stateText);
    painter->setFont(textFont(12));
    const QRectF detailBounds = m_stateDetail.isEmpty()
        ? QRectF()
        : QFontMetricsF(painter->font()).boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, m_stateDetail);
    const double icon = area.height() > titleBounds.height() + detailBounds.height() + 30 ? 20 : 0;
    const double full = icon + (icon > 0 ? 6 : 0) + titleBounds.height() + 4 + detailBounds.height();
    double y = area.top() + std::max(0.0, (area.height() - full) / 2);
    painter->save();
    painter->setClipRect(area);
    if (icon > 0) {
        paintIcon(painter, QRectF(area.center().x() - icon / 2, y, icon, icon), u"warning"_s, c.error);
        y += icon + 6;
    }
    painter->setFont(textFont(13, QFont::Medium));
    painter->setPen(c.error);
    painter->drawText(QRectF(area.left(), y, area.width(), titleBounds.height() + 2), Qt::AlignHCenter | Qt::TextWordWrap,
                      m_stateText);
    y += titleBounds.height() + 4;
    painter->setFont(textFont(12));
    painter->setPen(c.textSecondary);
    painter->drawText(QRectF(area.left(), y, area.width(), detailBounds.height() + 2), Qt::AlignHCenter | Qt::TextWordWrap,
                      m_stateDetail);
    painter->restore();
}

void PanelWidget::paintLoading(QPainter* painter)
{
    if (!m_loadingTimer.isActive() || m_loadingSince.elapsed() < kLoadingDelayMs)
        return;
    const double phase = double(m_loadingSince.elapsed() % 1400) / 1400.0;
    const double length = width() * 0.35;
    const double x = -length + phase * (width() + length);
    painter->fillRect(QRectF(x, 0, length, 2), Theme::instance().colors().accent);
}

void PanelWidget::setMenuVisible(bool visible)
{
    m_hovered = visible;
    if (visible && !m_menuButton) {
        QToolButton* button = ensureButton(m_menuButton, u"panelMenu", u"dots");
        connect(button, &QToolButton::clicked, this,
                [this] { showMenu(m_menuButton->mapToGlobal(QPoint(0, kButton))); });
        layoutChildren();
    }
    if (m_menuButton) {
        m_menuButton->setAccessibleName(tr("Menu of %1").arg(m_title));
        m_menuButton->setVisible(visible);
    }
    if (m_detachable && visible && !m_detachButton) {
        QToolButton* button = ensureButton(m_detachButton, u"panelDetach", u"popout");
        connect(button, &QToolButton::clicked, this, &PanelWidget::detachRequested);
        layoutChildren();
    }
    if (m_detachButton) {
        const QString text = m_detached ? tr("Put back into the dashboard") : tr("Take out of the dashboard");
        m_detachButton->setToolTip(plainTip(text));
        m_detachButton->setAccessibleName(text);
        // A narrow panel keeps its title; the menu has the same.
        m_detachButton->setVisible(visible && width() >= kRoomForDetach);
    }
    if (m_age)
        layoutChildren();
    update(0, 0, width(), headerPx());
}

void PanelWidget::enterEvent(QEnterEvent*)
{
    setMenuVisible(true);
}

void PanelWidget::leaveEvent(QEvent*)
{
    setMenuVisible(m_keyboardFocus);
}

void PanelWidget::focusInEvent(QFocusEvent* event)
{
    m_keyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    setMenuVisible(m_keyboardFocus || underMouse());
    update();
}

void PanelWidget::focusOutEvent(QFocusEvent*)
{
    m_keyboardFocus = false;
    setMenuVisible(underMouse());
    update();
}

bool PanelWidget::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (m_stateIsError && bodyRect().contains(help->pos()))
            QToolTip::showText(help->globalPos(), plainTip(m_stateText + u'\n' + m_stateDetail), this);
        else if (help->pos().y() < headerHeight())
            QToolTip::showText(help->globalPos(), plainTip(m_title), this);
        return true;
    }
    return QWidget::event(event);
}

void PanelWidget::setMaximised(bool maximised)
{
    m_maximised = maximised;
}

void PanelWidget::setDetached(bool detached)
{
    m_detached = detached;
}

void PanelWidget::contextMenuEvent(QContextMenuEvent* event)
{
    showMenu(event->globalPos());
}

void PanelWidget::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->position().y() < headerHeight())
        Q_EMIT maximiseRequested();
}

void PanelWidget::showMenu(const QPoint& globalPosition)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"panelMenuPopup"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto ask = [this](QMenu* to, const QString& text, PanelRequest request, const QKeySequence& key = {}) {
        to->addAction(text, key, this, [this, request] { Q_EMIT requested(request); });
    };
    menu->addAction(m_maximised ? tr("Back to the dashboard") : tr("View"), QKeySequence(Qt::Key_V), this,
                    &PanelWidget::maximiseRequested);
    ask(menu, tr("Edit"), PanelRequest::Edit, QKeySequence(Qt::Key_E));
    if (m_detachable)
        menu->addAction(m_detached ? tr("Put back into the dashboard") : tr("Take out of the dashboard"), QKeySequence(Qt::Key_P, Qt::Key_O),
                        this, &PanelWidget::detachRequested);
    menu->addAction(tr("Refresh"), this, &PanelWidget::refreshRequested);
    if (m_body->needsData()) {
        QAction* table = menu->addAction(tr("Show as a table"), QKeySequence(Qt::Key_P, Qt::Key_T), this, [this](bool on) { setAsTable(on); });
        table->setObjectName(u"panelAsTable"_s);
        table->setCheckable(true);
        table->setChecked(m_asTable);
    }
    menu->addSeparator();
    QMenu* inspect = menu->addMenu(tr("Inspect"));
    inspect->setObjectName(u"panelInspectMenu"_s);
    ask(inspect, tr("Data"), PanelRequest::InspectData, QKeySequence(Qt::Key_I));
    ask(inspect, tr("Statistics"), PanelRequest::InspectStatistics);
    ask(inspect, tr("Queries as sent"), PanelRequest::InspectQuery);
    ask(inspect, tr("JSON"), PanelRequest::InspectJson);
    ask(inspect, tr("Errors"), PanelRequest::InspectErrors);
    QMenu* save = menu->addMenu(tr("Export"));
    save->setObjectName(u"panelExportMenu"_s);
    ask(save, tr("Data as CSV…"), PanelRequest::SaveCsv);
    ask(save, tr("Data for Excel…"), PanelRequest::SaveExcel);
    ask(save, tr("Picture (PNG)…"), PanelRequest::SavePng);
    ask(save, tr("Drawing (SVG)…"), PanelRequest::SaveSvg);
    menu->addAction(tr("Copy image"), this, &PanelWidget::copyImage);
    ask(menu, tr("Copy as Markdown"), PanelRequest::CopyMarkdown);
    menu->addAction(tr("Copy values"), this, [this] { QApplication::clipboard()->setText(m_body->plainText()); })
        ->setEnabled(!m_body->plainText().isEmpty());
    Q_EMIT menuOpening(menu);
    menu->popup(globalPosition);
}

void PanelWidget::showErrors()
{
    Q_EMIT requested(PanelRequest::InspectErrors);
}

void PanelWidget::paintFor(QPainter* painter)
{
    const ExportPainting forPicture;
    // Nobody can press the header's buttons there.
    QList<QToolButton*> shown;
    for (QToolButton* button : findChildren<QToolButton*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (button->isVisible())
            shown << button;
    }
    for (QToolButton* button : shown)
        button->hide();
    const bool detach = m_detachButton && m_detachButton->isVisible();
    if (detach)
        m_detachButton->hide();
    render(painter, {}, {}, DrawWindowBackground | DrawChildren | IgnoreMask);
    for (QToolButton* button : shown)
        button->show();
    if (detach)
        m_detachButton->show();
}

void PanelWidget::copyImage()
{
    const double scale = std::max(2.0, devicePixelRatioF()); // sharp enough to be read when it is pasted
    QPixmap image(size() * scale);
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    paintFor(&painter);
    painter.end();
    QApplication::clipboard()->setPixmap(image);
}

void PanelWidget::followLinks()
{
    if (m_input.spec.links.size() == 1) {
        Q_EMIT linkActivated(QUrl(expand(m_input.spec.links.front().url)));
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const LinkSpec& link : m_input.spec.links) {
        const QUrl url(expand(link.url));
        menu->addAction(expand(link.title.isEmpty() ? link.url : link.title), this, [this, url] { Q_EMIT linkActivated(url); });
    }
    menu->popup(m_linkButton->mapToGlobal(QPoint(0, kButton)));
}

} // namespace Promdeck
