#include "widgets/library/importpane.h"

#include "models/core/background.h"
#include "models/library/dashboardcatalogue.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/library/folderpicker.h"
#include "widgets/library/quietselection.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRow = 28;

QLabel* heading(const QString& text, int px, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPixelSize(px);
    font.setWeight(QFont::Medium);
    label->setFont(font);
    return label;
}

QString outcomeText(const ImportItem& item)
{
    switch (item.outcome) {
    case ImportItem::Outcome::Imported: return ImportPane::tr("Imported");
    case ImportItem::Outcome::Replaced: return ImportPane::tr("Replaced");
    case ImportItem::Outcome::Skipped: return ImportPane::tr("Skipped");
    case ImportItem::Outcome::Failed: return ImportPane::tr("Failed");
    }
    return {};
}

QString whyText(const ImportItem& item)
{
    if (item.error) {
        const SourceRange& where = item.error->where;
        QStringList words {errorTitle(*item.error), item.error->detail, item.error->hint};
        words.removeAll(QString());
        return (where.line > 0 ? u"%1:%2: "_s.arg(where.line).arg(where.column) : QString()) + words.join(u" – "_s);
    }
    switch (item.reason) {
    case ImportItem::Reason::Same: return ImportPane::tr("It is there already, byte for byte");
    case ImportItem::Reason::OtherContent: return ImportPane::tr("%1 holds something else; tick “Replace” to overwrite it").arg(item.target);
    case ImportItem::Reason::NotADashboard: return ImportPane::tr("JSON, but no dashboard");
    case ImportItem::Reason::None: break;
    }
    return item.wrapped ? ImportPane::tr("%1, out of an answer of Grafana's API").arg(item.target) : item.target;
}

} // namespace

ImportPane::ImportPane(DashboardCatalogue* catalogue, QWidget* parent)
    : QWidget(parent), m_catalogue(catalogue), m_target(new FolderPicker(catalogue, this))
{
    setObjectName(u"importPane"_s);
    setAcceptDrops(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(10);
    auto* head = new QHBoxLayout;
    head->addWidget(heading(tr("Import dashboards"), 18, this), 1);
    auto* close = new QPushButton(themeIcon(u"close"_s), tr("&Close"), this);
    close->setObjectName(u"importClose"_s);
    connect(close, &QPushButton::clicked, this, &ImportPane::closed);
    head->addWidget(close);
    layout->addLayout(head);
    auto* hint = new QLabel(tr("Grafana's dashboard files: as saved, as “exported for sharing”, as its API answers. They become plain files in "
                               "your folder; plain ones are copied byte for byte."), this);
    hint->setWordWrap(true);
    layout->addWidget(hint);
    auto* into = new QHBoxLayout;
    auto* label = new QLabel(tr("In&to"), this);
    label->setBuddy(m_target);
    into->addWidget(label);
    into->addWidget(m_target, 1);
    m_replace = new QCheckBox(tr("&Replace files of the same name"), this);
    m_replace->setObjectName(u"importReplace"_s);
    into->addWidget(m_replace);
    layout->addLayout(into);
    layout->addWidget(makeSources());
    m_summary = new QLabel(this);
    m_summary->setObjectName(u"importSummary"_s);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);
    m_report = new QTreeWidget(this);
    m_report->setObjectName(u"importReport"_s);
    m_report->setAccessibleName(tr("What became of the files"));
    m_report->setHeaderLabels({tr("File"), tr("Result"), tr("Dashboard"), tr("Where, or why not")});
    m_report->setRootIsDecorated(false);
    m_report->setUniformRowHeights(true);
    m_report->setSortingEnabled(true);
    m_report->header()->setStretchLastSection(true);
    m_report->header()->resizeSection(0, 260);
    m_report->header()->resizeSection(1, 110);
    m_report->header()->resizeSection(2, 220);
    useQuietSelection(m_report);
    m_report->hide();
    connect(m_report, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        const QString path = item->data(0, Qt::UserRole).toString();
        if (!path.isEmpty())
            Q_EMIT openRequested(path);
    });
    layout->addWidget(m_report, 2);
    m_progress.setInterval(200);
    connect(&m_progress, &QTimer::timeout, this, [this] { say(tr("%1 files done…").arg(m_done->load()), false); });
    connect(m_target, &FolderPicker::changed, this, &ImportPane::update);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ImportPane::update);
    update();
}

ImportPane::~ImportPane()
{
    *m_stop = true;
}

QWidget* ImportPane::makeSources()
{
    auto* sources = new QWidget(this);
    auto* layout = new QVBoxLayout(sources);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    const auto button = [&](const QString& icon, const QString& text, const QString& name, auto run) {
        auto* made = new QPushButton(themeIcon(icon), text, sources);
        made->setObjectName(name);
        connect(made, &QPushButton::clicked, this, run);
        m_buttons.push_back(made);
        return made;
    };
    row->addWidget(button(u"grid"_s, tr("A fi&le…"), u"importFile"_s, [this] {
        Prompt::openFile(this, tr("Import a dashboard"), tr("Dashboards (*.json);;All files (*)"), [this](const QString& path) { importPaths({path}); });
    }));
    row->addWidget(button(u"folder"_s, tr("A whole f&older…"), u"importFolder"_s, [this] {
        Prompt::openFolder(this, tr("Import a folder of dashboards"), [this](const QString& path) { importPaths({path}); });
    }));
    row->addWidget(new QLabel(tr("or drop files and folders here, or paste a dashboard's JSON:"), sources), 1);
    layout->addLayout(row);
    m_text = new QPlainTextEdit(sources);
    m_text->setObjectName(u"importText"_s);
    m_text->setAccessibleName(tr("A dashboard's JSON"));
    m_text->setPlaceholderText(u"{\"title\": …}"_s);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setTabChangesFocus(true);
    m_text->setAcceptDrops(false); // files dropped on it are for the pane
    m_text->setMinimumHeight(90);
    m_text->setMaximumHeight(180);
    layout->addWidget(m_text);
    m_paste = button(u"import"_s, tr("Import the te&xt"), u"importPaste"_s, [this] { importPasted(); });
    layout->addWidget(m_paste, 0, Qt::AlignLeft);
    return sources;
}

void ImportPane::enter()
{
    m_target->refresh();
    update();
    m_target->setFocus();
}

void ImportPane::update()
{
    const bool ready = !m_running && !m_target->folder().isEmpty();
    for (QPushButton* button : m_buttons)
        button->setEnabled(ready);
    m_paste->setEnabled(ready && !m_text->document()->isEmpty());
    if (!m_running && m_target->folder().isEmpty())
        say(tr("Say first which folder the dashboards go to. It becomes part of the library."), false);
    else if (!m_running && m_report->topLevelItemCount() == 0)
        say({}, false);
}

void ImportPane::say(const QString& text, bool isError)
{
    const ThemeColors& c = Theme::instance().colors();
    QPalette look = m_summary->palette();
    look.setColor(QPalette::WindowText, isError ? c.error : c.text);
    m_summary->setPalette(look);
    m_summary->setText(text);
    m_summary->setVisible(!text.isEmpty());
}

void ImportPane::importPaths(const QStringList& paths)
{
    const ImportOptions options {m_target->folder(), m_replace->isChecked()};
    if (options.folder.isEmpty() || m_running)
        return;
    run([paths, options, stop = m_stop, done = m_done]() -> Result<ImportReport> {
        ImportReport all;
        for (const QString& path : paths) {
            if (!QFileInfo(path).isDir()) {
                all.items.push_back(importFile(path, options));
            } else {
                const int before = int(all.items.size());
                Result<ImportReport> inner = importFolder(path, options, *stop, [&](int count) { *done = before + count; });
                if (!inner)
                    return inner.error();
                std::move(inner->items.begin(), inner->items.end(), std::back_inserter(all.items));
            }
            *done = int(all.items.size());
        }
        return all;
    });
}

void ImportPane::importPasted()
{
    const ImportOptions options {m_target->folder(), m_replace->isChecked()};
    run([text = m_text->toPlainText().toUtf8(), options]() -> Result<ImportReport> {
        ImportReport report;
        report.items.push_back(importText(text, {}, options));
        return report;
    });
}

void ImportPane::run(std::function<Result<ImportReport>()> work)
{
    m_running = true;
    *m_done = 0;
    update();
    m_progress.start();
    runInBackground(this, std::move(work), [this](const Result<ImportReport>& report) {
        m_running = false;
        m_progress.stop();
        showReport(report);
        update();
    });
}

void ImportPane::showReport(const Result<ImportReport>& report)
{
    using Outcome = ImportItem::Outcome;
    m_report->clear();
    if (!report.ok()) {
        say(errorText(report.error()), true);
        return;
    }
    QList<QTreeWidgetItem*> rows;
    for (const ImportItem& item : report->items) {
        const QString source = item.source.isEmpty() ? tr("pasted text") : item.source;
        auto* row = new QTreeWidgetItem({source, outcomeText(item), item.title, whyText(item)});
        const bool bad = item.outcome == Outcome::Failed;
        const bool skipped = item.outcome == Outcome::Skipped;
        row->setIcon(1, themeIcon(bad ? u"close"_s : skipped ? u"chevron-right"_s : u"check"_s,
                                  bad ? IconRole::Error : skipped ? IconRole::Secondary : IconRole::Success));
        row->setToolTip(3, plainTip(whyText(item)));
        row->setSizeHint(0, {0, kRow});
        if (!bad)
            row->setData(0, Qt::UserRole, item.target);
        rows << row;
    }
    m_report->setSortingEnabled(false);
    m_report->addTopLevelItems(rows);
    m_report->sortByColumn(-1, Qt::AscendingOrder);
    m_report->setSortingEnabled(true);
    m_report->show();
    const int written = report->count(Outcome::Imported) + report->count(Outcome::Replaced);
    const int failed = report->count(Outcome::Failed);
    QString text = tr("%1 imported, %2 skipped, %3 failed.").arg(written).arg(report->count(Outcome::Skipped)).arg(failed);
    const QString folder = m_target->folder();
    if (written > 0) {
        text += u' ' + tr("Enter or a double click opens one.");
        // Where imports go has to be in the library, or they would be lost from sight.
        if (m_catalogue->addFolder(folder).ok())
            text += u' ' + tr("“%1” is part of the library now.").arg(folder);
        else
            m_catalogue->rescan();
    }
    say(text, written == 0 && failed > 0);
}

void ImportPane::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && !m_running && !m_target->folder().isEmpty())
        event->acceptProposedAction();
}

void ImportPane::dropEvent(QDropEvent* event)
{
    QStringList paths;
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl& url : urls) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    if (!paths.isEmpty())
        importPaths(paths);
    event->acceptProposedAction();
}

} // namespace Promdeck
