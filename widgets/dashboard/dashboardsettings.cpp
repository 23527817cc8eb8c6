#include "widgets/dashboard/dashboardsettings.h"

#include "models/dashboard/dashboardeditor.h"
#include "models/query/annotations.h"
#include "models/query/interval.h"
#include "models/query/timegrammar.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QDateTime>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kDescriptionLines = 3;

} // namespace

DashboardSettings::DashboardSettings(DashboardEditor* editor, QWidget* parent)
    : QDialog(parent)
    , m_editor(editor)
    , m_title(new QLineEdit(this))
    , m_description(new QPlainTextEdit(this))
    , m_tags(new QLineEdit(this))
    , m_from(new QLineEdit(this))
    , m_to(new QLineEdit(this))
    , m_refresh(new QComboBox(this))
    , m_zone(new QComboBox(this))
    , m_cursor(new QComboBox(this))
    , m_alerts(new QCheckBox(tr("Mark alerts in plots"), this))
    , m_editable(new QCheckBox(tr("Panels can be moved and changed"), this))
    , m_save(new QPushButton(tr("Apply"), this))
{
    setObjectName(u"dashboardSettings"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Dashboard settings"));
    setMinimumWidth(460);
    const Dashboard& board = editor->dashboard();
    m_title->setObjectName(u"settingsTitle"_s);
    m_title->setText(board.title);
    m_description->setObjectName(u"settingsDescription"_s);
    m_description->setPlainText(board.description);
    m_description->setTabChangesFocus(true);
    m_description->setFixedHeight(m_description->fontMetrics().lineSpacing() * kDescriptionLines + 14);
    m_tags->setObjectName(u"settingsTags"_s);
    m_tags->setText(board.tags.join(u", "_s));
    m_tags->setPlaceholderText(tr("Separated by commas"));
    m_from->setObjectName(u"settingsFrom"_s);
    m_from->setText(board.timeFrom);
    m_to->setObjectName(u"settingsTo"_s);
    m_to->setText(board.timeTo);
    m_refresh->setObjectName(u"settingsRefresh"_s);
    m_refresh->setEditable(true);
    m_refresh->addItems({QString(), u"5s"_s, u"10s"_s, u"30s"_s, u"1m"_s, u"5m"_s, u"15m"_s, u"1h"_s});
    m_refresh->setCurrentText(board.refresh);
    m_zone->setObjectName(u"settingsZone"_s);
    m_zone->setEditable(true);
    m_zone->addItem(tr("That of the computer"), u"browser"_s);
    m_zone->addItem(u"UTC"_s, u"utc"_s);
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds())
        m_zone->addItem(QString::fromLatin1(id), QString::fromLatin1(id));
    const int zone = m_zone->findData(board.timezone.isEmpty() ? u"browser"_s : board.timezone);
    m_zone->setCurrentIndex(std::max(0, zone));
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_cursor->setObjectName(u"settingsCursor"_s);
    m_cursor->addItems({tr("Only in the plot under the mouse"), tr("As a line in all plots"), tr("With the values in all plots")});
    m_cursor->setCurrentIndex(std::clamp(board.graphTooltip, 0, 2));
    m_alerts->setObjectName(u"settingsAlerts"_s);
    m_alerts->setChecked(wantsAlertStates(board));
    m_editable->setObjectName(u"settingsEditable"_s);
    m_editable->setChecked(board.editable);
    m_save->setObjectName(u"settingsApply"_s);
    m_save->setDefault(true);
    m_save->setProperty("primary", true);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    auto* form = new QFormLayout;
    form->addRow(tr("&Title"), m_title);
    form->addRow(tr("&Description"), m_description);
    form->addRow(tr("Ta&gs"), m_tags);
    auto* range = new QHBoxLayout;
    range->addWidget(m_from);
    range->addWidget(m_to);
    form->addRow(tr("&Opens with"), range);
    form->addRow(tr("&Refresh"), m_refresh);
    form->addRow(tr("Time &zone"), m_zone);
    form->addRow(tr("&Cursor"), m_cursor);
    form->addRow(QString(), m_alerts);
    form->addRow(QString(), m_editable);
    m_from->setAccessibleName(tr("From"));
    m_to->setAccessibleName(tr("To"));
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::close);
    connect(m_save, &QPushButton::clicked, this, &DashboardSettings::apply);
    for (QLineEdit* edit : {m_title, m_from, m_to})
        connect(edit, &QLineEdit::textChanged, this, &DashboardSettings::check);
    connect(m_refresh, &QComboBox::editTextChanged, this, &DashboardSettings::check);
    connect(editor, &QObject::destroyed, this, &QDialog::close);
    check();
}

void DashboardSettings::check()
{
    const bool range = parseTimeRange({m_from->text().trimmed(), m_to->text().trimmed()}, QDateTime::currentMSecsSinceEpoch(), {}).ok();
    const QString refresh = m_refresh->currentText().trimmed();
    const bool interval = refresh.isEmpty() || parseInterval(refresh).ok();
    const auto mark = [](QWidget* widget, bool valid) {
        widget->setProperty("invalid", !valid);
        widget->update();
    };
    mark(m_from, range);
    mark(m_to, range);
    mark(m_refresh, interval);
    m_save->setEnabled(range && interval && !m_title->text().trimmed().isEmpty());
}

void DashboardSettings::apply()
{
    if (!m_editor || !m_save->isEnabled())
        return;
    const Dashboard& board = m_editor->dashboard();
    QStringList tags;
    for (const QString& tag : m_tags->text().split(u',')) {
        if (!tag.trimmed().isEmpty())
            tags << tag.trimmed();
    }
    // Only what differs: a member that the file does not have stays away.
    std::vector<std::pair<QString, Json>> members;
    const auto set = [&](const QString& path, const auto& before, const auto& wanted, const Json& value) {
        if (before != wanted)
            members.emplace_back(path, value);
    };
    set(u"title"_s, board.title, m_title->text().trimmed(), m_title->text().trimmed());
    set(u"description"_s, board.description, m_description->toPlainText(), m_description->toPlainText());
    set(u"tags"_s, board.tags, tags, Json::strings(tags));
    set(u"time.from"_s, board.timeFrom, m_from->text().trimmed(), m_from->text().trimmed());
    set(u"time.to"_s, board.timeTo, m_to->text().trimmed(), m_to->text().trimmed());
    set(u"refresh"_s, board.refresh, m_refresh->currentText().trimmed(), m_refresh->currentText().trimmed());
    const int known = m_zone->findText(m_zone->currentText());
    const QString zone = known >= 0 ? m_zone->itemData(known).toString() : board.timezone;
    set(u"timezone"_s, board.timezone.isEmpty() ? u"browser"_s : board.timezone, zone, zone);
    set(u"graphTooltip"_s, board.graphTooltip, m_cursor->currentIndex(), m_cursor->currentIndex());
    set(u"editable"_s, board.editable, m_editable->isChecked(), m_editable->isChecked());
    set(u"promdeck.alertStates"_s, wantsAlertStates(board), m_alerts->isChecked(), m_alerts->isChecked());
    if (!members.empty())
        m_editor->changeMembers(members);
    close();
}

} // namespace Promdeck
