#include "widgets/dashboard/dashboardannotating.h"

#include "models/query/dashboardsession.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/dashboard/annotationform.h"
#include "widgets/dashboard/annotationlist.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelwidget.h"

#include <QAction>
#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr Rgba kOwnColor {87, 148, 242};
constexpr qsizetype kSubject = 40; // characters of a note in the history

std::vector<Annotation> marksOf(const std::vector<OwnAnnotation>& all)
{
    std::vector<Annotation> marks;
    marks.reserve(all.size());
    for (const OwnAnnotation& one : all) {
        Annotation mark;
        mark.fromMs = one.fromMs;
        mark.toMs = one.toMs;
        mark.layer = kOwnLayer.toString();
        mark.text = one.text.isEmpty() ? one.tags.join(u", "_s) : one.text;
        mark.tags = one.tags;
        mark.color = kOwnColor;
        mark.id = one.id;
        mark.panelId = one.panelId;
        marks.push_back(std::move(mark));
    }
    return marks;
}

QString subjectOf(const OwnAnnotation& one)
{
    return (one.text.isEmpty() ? one.tags.join(u", "_s) : one.text).simplified().left(kSubject);
}

} // namespace

DashboardAnnotating::DashboardAnnotating(QWidget* page, DashboardView* view, DashboardEditing* editing)
    : QObject(page), m_page(page), m_view(view), m_editing(editing)
{
    const auto make = [this](const QString& name, const QString& text, const QList<QKeySequence>& keys) {
        auto* action = new QAction(text, m_page);
        action->setObjectName(name);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_page->addAction(action);
        return action;
    };
    m_add = make(u"addAnnotation"_s, tr("Add an annotation at the cursor"), {QKeySequence(Qt::Key_P, Qt::Key_A)});
    connect(m_add, &QAction::triggered, this, &DashboardAnnotating::addAtCursor);
    m_listAction = make(u"listAnnotations"_s, tr("My annotations…"), {QKeySequence(Qt::Key_D, Qt::Key_A)});
    connect(m_listAction, &QAction::triggered, this, &DashboardAnnotating::showList);
    m_alerts = make(u"showAlertStates"_s, tr("Mark alerts in plots"), {QKeySequence(Qt::Key_D, Qt::Key_M)});
    m_alerts->setCheckable(true);
    connect(m_alerts, &QAction::triggered, this, &DashboardAnnotating::showAlerts);
    connect(view, &DashboardView::annotateRequested, this, &DashboardAnnotating::add);
    connect(view, &DashboardView::annotationActivated, this,
            [this](const QString& key, const QString& id, const QPoint& at) { edit(id, key, at); });
    connect(view, &DashboardView::panelMenuOpening, this, &DashboardAnnotating::fillPanelMenu);
}

DashboardAnnotating::~DashboardAnnotating() = default;

void DashboardAnnotating::open(DashboardSession* session, const QString& reference)
{
    close();
    m_session = session;
    if (reference.isEmpty())
        return;
    m_book = AnnotationBook::of(reference);
    connect(m_book.get(), &AnnotationBook::changed, this, &DashboardAnnotating::feed);
    connect(m_book.get(), &AnnotationBook::failed, this, [this](const Error& error) {
        Q_EMIT notice(tr("Annotations: %1").arg(errorText(error)), true);
    });
    connect(session, &DashboardSession::annotationsChanged, this,
            [this] { m_alerts->setChecked(m_session && m_session->isAnnotationEnabled(kAlertLayer.toString())); });
    feed();
}

void DashboardAnnotating::close()
{
    delete m_form;
    delete m_list;
    if (m_book)
        disconnect(m_book.get(), nullptr, this, nullptr);
    m_book.reset();
    m_session = nullptr;
}

void DashboardAnnotating::feed()
{
    if (m_session && m_book)
        m_session->setOwnAnnotations(marksOf(m_book->all()));
}

AnnotationForm* DashboardAnnotating::form() const
{
    return m_form;
}

QString DashboardAnnotating::timeZone() const
{
    return displayTimeZone(m_session ? m_session->timeZone() : QString());
}

int DashboardAnnotating::panelId(const QString& key) const
{
    if (!m_session)
        return 0;
    const auto& panels = m_session->panels();
    const auto placed = std::ranges::find(panels, key, &PlacedPanel::key);
    if (placed == panels.end())
        return 0;
    return placed->panel.repeatSourceId ? placed->panel.repeatSourceId : placed->panel.id;
}

QString DashboardAnnotating::panelTitle(int id) const
{
    for (const PlacedPanel& placed : m_session->panels()) {
        if (placed.panel.id == id || placed.panel.repeatSourceId == id)
            return m_session->interpolate(placed.panel.title, &placed);
    }
    return {};
}

QPoint DashboardAnnotating::middleOf(const QString& key) const
{
    const PanelWidget* panel = m_view->panel(key);
    const QWidget* place = panel ? static_cast<const QWidget*>(panel) : m_view;
    return place->mapToGlobal(place->rect().center());
}

std::optional<TimeRange> DashboardAnnotating::markedIn(const QString& key) const
{
    const PanelWidget* panel = m_view->panel(key);
    return panel && panel->body() ? panel->body()->markedTime() : std::nullopt;
}

void DashboardAnnotating::addAtCursor()
{
    // Where the keyboard marked something, wherever the mouse rests.
    for (const QString& key : {m_view->focusedItem(), m_view->currentPanel()}) {
        if (const std::optional<TimeRange> range = markedIn(key)) {
            add(key, *range, m_view->panel(key)->underMouse() ? QCursor::pos() : middleOf(key));
            return;
        }
    }
    Q_EMIT notice(tr("Point at a moment of a plot first, with the mouse or the arrow keys"), false);
}

void DashboardAnnotating::add(const QString& panelKey, const TimeRange& range, const QPoint& at)
{
    if (!m_session)
        return;
    if (!m_book) {
        Q_EMIT notice(tr("Save the dashboard first: annotations are kept beside its file"), false);
        return;
    }
    OwnAnnotation fresh;
    fresh.id = AnnotationBook::newId();
    fresh.fromMs = range.fromMs;
    fresh.toMs = range.toMs;
    popup(fresh, true, panelKey, at);
}

void DashboardAnnotating::edit(const QString& id, const QString& panelKey, const QPoint& at)
{
    if (const std::optional<OwnAnnotation> known = m_book ? m_book->find(id) : std::nullopt)
        popup(*known, false, panelKey, at);
}

void DashboardAnnotating::popup(const OwnAnnotation& annotation, bool isNew, const QString& panelKey, const QPoint& at)
{
    delete m_form;
    const int id = panelId(panelKey);
    m_form = new AnnotationForm(annotation, isNew, id, panelTitle(annotation.panelId != 0 ? annotation.panelId : id), timeZone(), m_page);
    connect(m_form, &AnnotationForm::saved, this, [this, annotation, isNew](const OwnAnnotation& wanted) {
        if (!m_book || (!isNew && wanted == annotation))
            return;
        const auto book = m_book;
        book->put(wanted);
        if (!m_session->isAnnotationEnabled(kOwnLayer.toString()))
            m_session->setAnnotationEnabled(kOwnLayer.toString(), true); // or nothing would be seen of it
        if (!m_editing->editor())
            return;
        const EditStep step {isNew ? EditStep::Kind::AddMark : EditStep::Kind::ChangeMark, subjectOf(wanted)};
        m_editing->editor()->addOutsideStep(
            step,
            [book, annotation, isNew] {
                if (isNew)
                    book->remove(annotation.id);
                else
                    book->put(annotation);
            },
            [book, wanted] { book->put(wanted); });
    });
    connect(m_form, &AnnotationForm::removed, this, &DashboardAnnotating::remove);
    m_form->popup(at);
}

void DashboardAnnotating::remove(const QString& id)
{
    const std::optional<OwnAnnotation> gone = m_book ? m_book->find(id) : std::nullopt;
    if (!gone)
        return;
    const auto book = m_book;
    book->remove(id);
    if (m_editing->editor())
        m_editing->editor()->addOutsideStep({EditStep::Kind::RemoveMark, subjectOf(*gone)}, [book, one = *gone] { book->put(one); },
                                            [book, id] { book->remove(id); });
}

void DashboardAnnotating::showAlerts(bool shown)
{
    if (m_session)
        m_session->setAnnotationEnabled(kAlertLayer.toString(), shown);
}

void DashboardAnnotating::showList()
{
    if (!m_book || !m_session)
        return;
    if (m_list) {
        m_list->raise();
        m_list->activateWindow();
        return;
    }
    QHash<int, QString> titles;
    for (const OwnAnnotation& one : m_book->all()) {
        if (one.panelId != 0 && !panelTitle(one.panelId).isEmpty())
            titles.insert(one.panelId, panelTitle(one.panelId));
    }
    m_list = new AnnotationList(m_book, titles, timeZone(), m_page);
    connect(m_list, &AnnotationList::removeRequested, this, &DashboardAnnotating::remove);
    connect(m_list, &AnnotationList::editRequested, this, [this](const QString& id) {
        edit(id, {}, m_list->mapToGlobal(m_list->rect().center()));
    });
    connect(m_list, &AnnotationList::showRequested, this, [this](const QString& id) {
        const std::optional<OwnAnnotation> one = m_book ? m_book->find(id) : std::nullopt;
        if (!one || !m_session)
            return;
        // As much as is seen now around a moment; a span with some air.
        const qint64 half = one->toMs > one->fromMs ? one->toMs - one->fromMs : m_session->timeRange().spanMs() / 2;
        const qint64 middle = one->fromMs + (one->toMs - one->fromMs) / 2;
        m_session->setTimeRange({QString::number(middle - half), QString::number(middle + half)});
    });
    m_list->show();
}

void DashboardAnnotating::fillMainMenu(QMenu* menu)
{
    if (!m_session)
        return;
    m_alerts->setChecked(m_session->isAnnotationEnabled(kAlertLayer.toString()));
    menu->addAction(m_listAction);
    menu->addAction(m_alerts);
}

void DashboardAnnotating::fillPanelMenu(const QString& key, QMenu* menu)
{
    const std::optional<TimeRange> range = m_book ? markedIn(key) : std::nullopt;
    if (!range)
        return;
    menu->addSeparator();
    QAction* action = menu->addAction(themeIcon(u"pencil"_s), tr("Add an annotation…"), this, [this, key, at = QCursor::pos(), range = *range] {
        add(key, range, at);
    });
    action->setObjectName(u"panelAddAnnotation"_s);
    action->setShortcut(m_add->shortcut());
}

} // namespace Promdeck
