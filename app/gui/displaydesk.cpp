#include "app/gui/displaydesk.h"

#include "app/gui/commands.h"
#include "widgets/common/displayoptions.h"
#include "widgets/common/prompt.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QTimeZone>
#include <QWheelEvent>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kStep = 0.1;
constexpr int kNotch = 120; // of a wheel, in eighths of a degree

/// Editors of text have a size of their own for the wheel.
bool scalesItself(const QObject* object)
{
    for (const QObject* one = object; one; one = one->parent()) {
        if (one->inherits("QsciScintilla"))
            return true;
    }
    return false;
}

} // namespace

DisplayDesk::DisplayDesk(QWidget* window, Settings* settings) : QObject(window), m_window(window), m_settings(settings)
{
    DisplayOptions& options = DisplayOptions::instance();
    options.setTextScale(settings->value(Settings::Key::TextScale).toDouble(1));
    options.setDistinctSeries(settings->value(Settings::Key::DistinctSeries).toBool());
    options.setSecondTimeZone(settings->text(Settings::Key::SecondTimeZone));
    connect(&options, &DisplayOptions::changed, this, &DisplayDesk::keep);
    qApp->installEventFilter(this);
}

void DisplayDesk::keep()
{
    const DisplayOptions& options = DisplayOptions::instance();
    m_settings->set(Settings::Key::TextScale, options.textScale());
    m_settings->set(Settings::Key::DistinctSeries, options.distinctSeries());
    m_settings->set(Settings::Key::SecondTimeZone, options.secondTimeZone());
}

void DisplayDesk::scaleBy(double step)
{
    DisplayOptions::instance().setTextScale(DisplayOptions::instance().textScale() + step);
}

void DisplayDesk::addKeys(Commands* commands)
{
    commands->add(u"textLarger"_s, tr("Larger text"), {QKeySequence(u"Ctrl+="_s), QKeySequence(u"Ctrl++"_s)}, [this] { scaleBy(kStep); });
    commands->add(u"textSmaller"_s, tr("Smaller text"), {QKeySequence(u"Ctrl+-"_s)}, [this] { scaleBy(-kStep); });
    commands->add(u"textUsual"_s, tr("Text as large as it was designed"), {QKeySequence(u"Ctrl+0"_s)},
                  [] { DisplayOptions::instance().setTextScale(1); });
    commands->add(u"distinctSeries"_s, tr("Colours for any colour vision, with patterns"), {QKeySequence(Qt::Key_C, Qt::Key_P)},
                  [] { DisplayOptions::instance().setDistinctSeries(!DisplayOptions::instance().distinctSeries()); });
}

void DisplayDesk::fillMenu(QMenu* menu)
{
    const DisplayOptions& options = DisplayOptions::instance();
    QMenu* text = menu->addMenu(tr("Text size: %1 %").arg(qRound(options.textScale() * 100)));
    text->setObjectName(u"textSizeMenu"_s);
    for (const QString& name : {u"textLarger"_s, u"textSmaller"_s, u"textUsual"_s})
        text->addAction(m_window->findChild<QAction*>(name));
    QAction* distinct = menu->addAction(tr("Colours for any colour vision, with patterns"), this,
                                        [](bool on) { DisplayOptions::instance().setDistinctSeries(on); });
    distinct->setObjectName(u"distinctSeriesChoice"_s);
    distinct->setCheckable(true);
    distinct->setChecked(options.distinctSeries());
    QMenu* zones = menu->addMenu(tr("Second time zone"));
    zones->setObjectName(u"secondZoneMenu"_s);
    auto* group = new QActionGroup(zones);
    QStringList known {QString(), u"UTC"_s, QString::fromLatin1(QTimeZone::systemTimeZoneId())};
    if (!known.contains(options.secondTimeZone()))
        known << options.secondTimeZone();
    known.removeDuplicates();
    for (const QString& zone : std::as_const(known)) {
        QAction* action = zones->addAction(zone.isEmpty() ? tr("None") : zone, this,
                                           [zone] { DisplayOptions::instance().setSecondTimeZone(zone); });
        action->setObjectName(u"secondZone:"_s + zone);
        action->setCheckable(true);
        action->setChecked(options.secondTimeZone() == zone);
        group->addAction(action);
    }
    zones->addAction(tr("Another…"), this, &DisplayDesk::askZone)->setObjectName(u"secondZoneOther"_s);
}

void DisplayDesk::askZone()
{
    Prompt::askText(m_window, tr("Second time zone"), tr("Name (Europe/Berlin, Asia/Tokyo, UTC+2):"), [](const QString& typed) {
        QByteArray name = typed.trimmed().toLatin1();
        // "UTC+2" is how people say it.
        if (name.startsWith("UTC") && name.size() > 3 && name.size() < 6)
            name = "UTC" + name.mid(3, 1) + name.mid(4).rightJustified(2, '0') + ":00";
        if (QTimeZone(name).isValid())
            DisplayOptions::instance().setSecondTimeZone(QString::fromLatin1(name));
    });
}

bool DisplayDesk::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel)
        return false;
    const auto* wheel = static_cast<QWheelEvent*>(event);
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || wheel->modifiers() != Qt::ControlModifier || scalesItself(widget))
        return false;
    m_turned += wheel->angleDelta().y();
    if (const int steps = m_turned / kNotch; steps != 0) {
        m_turned -= steps * kNotch;
        scaleBy(steps * kStep);
    }
    return true;
}

} // namespace Promdeck
