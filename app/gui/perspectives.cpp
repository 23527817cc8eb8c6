#include "app/gui/perspectives.h"

#include "app/gui/dockdesk.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"

#include <QGuiApplication>
#include <QMainWindow>
#include <QMenu>
#include <QScreen>

using namespace Qt::StringLiterals;

namespace Promdeck {

Perspectives::Perspectives(QMainWindow* window, DockDesk* docks, Settings* settings, NoticeBar* notices)
    : QObject(window), m_window(window), m_docks(docks), m_settings(settings), m_notices(notices)
{
    const auto look = [this] { offerFor(screensNow()); };
    connect(qApp, &QGuiApplication::screenAdded, this, look, Qt::QueuedConnection);
    connect(qApp, &QGuiApplication::screenRemoved, this, look, Qt::QueuedConnection);
}

QString Perspectives::screensNow()
{
    QStringList screens;
    for (const QScreen* screen : QGuiApplication::screens())
        screens << u"%1 %2x%3"_s.arg(screen->name()).arg(screen->size().width()).arg(screen->size().height());
    screens.sort();
    return screens.join(u", "_s);
}

QStringList Perspectives::names() const
{
    QStringList names;
    for (const Json& one : m_settings->value(Settings::Key::Perspectives).items())
        names << one[u"name"].toString();
    return names;
}

Json Perspectives::find(const QString& name) const
{
    for (const Json& one : m_settings->value(Settings::Key::Perspectives).items()) {
        if (one[u"name"].toString() == name)
            return one;
    }
    return {};
}

void Perspectives::store(const QString& name, bool forTheseScreens)
{
    if (name.trimmed().isEmpty())
        return;
    const Json kept = Json::object({{u"name"_s, name.trimmed()},
                                    {u"screens"_s, forTheseScreens ? screensNow() : QString()},
                                    {u"geometry"_s, QString::fromLatin1(m_window->saveGeometry().toBase64())},
                                    {u"layout"_s, m_docks->arrangement()}});
    Json all = m_settings->value(Settings::Key::Perspectives);
    const qsizetype known = names().indexOf(name.trimmed());
    if (known >= 0)
        all.setAt(known, kept);
    else
        all.append(kept);
    m_settings->set(Settings::Key::Perspectives, all);
}

void Perspectives::apply(const QString& name)
{
    const Json kept = find(name);
    if (!kept.isObject())
        return;
    m_docks->leave([this, kept] {
        m_window->restoreGeometry(QByteArray::fromBase64(kept[u"geometry"].toString().toLatin1()));
        m_docks->arrange(kept[u"layout"]);
    });
}

void Perspectives::remove(const QString& name)
{
    Json all = m_settings->value(Settings::Key::Perspectives);
    all.removeAt(names().indexOf(name));
    m_settings->set(Settings::Key::Perspectives, all);
}

void Perspectives::askName(bool forTheseScreens)
{
    Prompt::askText(m_window, tr("Keep this arrangement"), tr("Name:"),
                    [this, forTheseScreens](const QString& name) { store(name, forTheseScreens); });
}

void Perspectives::fillMenu(QMenu* menu)
{
    QMenu* all = menu->addMenu(tr("Perspectives"));
    all->setObjectName(u"perspectives"_s);
    for (const QString& name : names())
        all->addAction(QString(name).replace(u'&', u"&&"_s), this, [this, name] { apply(name); });
    if (!all->isEmpty())
        all->addSeparator();
    all->addAction(tr("Keep this arrangement…"), this, [this] { askName(false); })->setObjectName(u"keepPerspective"_s);
    all->addAction(tr("Keep it for the connected screens…"), this, [this] { askName(true); })
        ->setObjectName(u"keepScreenPerspective"_s);
    if (names().isEmpty())
        return;
    QMenu* gone = all->addMenu(tr("Forget"));
    for (const QString& name : names())
        gone->addAction(QString(name).replace(u'&', u"&&"_s), this, [this, name] { remove(name); });
}

void Perspectives::offerFor(const QString& screens)
{
    for (const Json& one : m_settings->value(Settings::Key::Perspectives).items()) {
        const QString name = one[u"name"].toString();
        if (screens.isEmpty() || one[u"screens"].toString() != screens)
            continue;
        m_notices->post(u"screens"_s, NoticeBar::Tone::Info, tr("The perspective “%1” belongs to these screens.").arg(name),
                        {{u"applyPerspective"_s, tr("Switch"), [this, name] { apply(name); }}, {u"keepArrangement"_s, tr("Not now"), {}}});
        return;
    }
    m_notices->withdraw(u"screens"_s);
}

} // namespace Promdeck
