#include "widgets/workbench/rulelibrary.h"

#include "models/config/edit/assist.h"
#include "widgets/command/commandpalette.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

/// Lines from a "- " on, as an item by itself.
std::string itemLines(std::string_view text, std::size_t start, std::size_t end)
{
    const std::size_t before = text.rfind('\n', start);
    const std::size_t column = start - (before == std::string_view::npos ? 0 : before + 1) + 2;
    std::string out;
    bool first = true;
    forEachLine(text.substr(start, end - start), [&](std::string_view line, std::size_t, int) {
        const std::size_t cut = std::min(first ? 2 : column, line.size());
        if (!first)
            out += '\n';
        out += line.substr(cut);
        first = false;
    });
    while (!out.empty() && (out.back() == '\n' || out.back() == ' '))
        out.pop_back();
    return out;
}

} // namespace

std::vector<LibraryRule> libraryRules()
{
    std::vector<LibraryRule> out;
    const QDir folder(u":/promdeck/rules"_s);
    for (const QString& name : folder.entryList({u"*.yml"_s}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const std::string text = file.readAll().toStdString();
        const QString base = QFileInfo(name).baseName();
        const YamlDocument document = YamlDocument::parse(text);
        const std::vector<ConfigSymbol> symbols = symbolsOf(text, FileKind::Rules);
        for (std::size_t i = 0; i < symbols.size(); ++i) {
            const ConfigSymbol& symbol = symbols[i];
            if (symbol.kind == ConfigSymbol::Kind::Group) {
                const QString about = QString::fromStdString(text.substr(0, text.find('\n'))).remove(u"# "_s);
                out.push_back({base, {}, about, itemLines(text, symbol.ruleOffset, text.size())});
            } else if (symbol.kind == ConfigSymbol::Kind::Alert || symbol.kind == ConfigSymbol::Kind::Record) {
                std::size_t end = text.size();
                for (std::size_t next = i + 1; next < symbols.size(); ++next) {
                    if (symbols[next].kind == ConfigSymbol::Kind::Alert || symbols[next].kind == ConfigSymbol::Kind::Record) {
                        end = text.rfind('\n', symbols[next].ruleOffset);
                        break;
                    }
                }
                const auto rule = ruleAt(document, symbol.offset);
                QString summary = rule ? QString::fromStdString(rule->expression).simplified() : QString();
                out.push_back({base, QString::fromStdString(symbol.name), summary, itemLines(text, symbol.ruleOffset, end)});
            }
        }
    }
    return out;
}

void insertLibraryRule(Workbench* workbench, const LibraryRule& rule)
{
    DocumentPage* page = workbench->current();
    const auto put = [workbench, rule](DocumentPage* into) {
        const std::string text = into->editor()->content().toStdString();
        std::vector<std::string> path {"groups"};
        std::string lines = rule.item;
        if (!rule.name.isEmpty()) {
            // Into the group of that name, else into a new one.
            std::size_t index = 0;
            bool known = false;
            for (const ConfigSymbol& symbol : symbolsOf(text, FileKind::Rules)) {
                if (symbol.kind != ConfigSymbol::Kind::Group)
                    continue;
                if (symbol.name == rule.file.toStdString()) {
                    path = {"groups", std::to_string(index), "rules"};
                    known = true;
                }
                ++index;
            }
            if (!known) {
                lines = "name: " + rule.file.toStdString() + "\nrules:\n  - ";
                for (const char c : rule.item)
                    lines += c == '\n' ? std::string("\n    ") : std::string(1, c);
            }
        }
        const std::optional<TextEdits> edits = appendItem(text, path, lines);
        if (!edits) {
            workbench->say(Workbench::tr("This does not parse: mend the errors first"));
            return;
        }
        into->editor()->apply(*edits);
        into->editor()->goTo(edits->front().start + 1);
    };
    const bool fits = page && page->isLoaded()
        && (workbench->workspace()->kindOf(page->path()) == FileKind::Rules || page->editor()->content().trimmed().isEmpty());
    if (fits) {
        put(page);
        return;
    }
    const QString folder = !workbench->workspace()->folder().isEmpty() ? workbench->workspace()->folder() : page ? QFileInfo(page->path()).path() : QDir::homePath();
    QString path = folder + u'/' + rule.file + u"-rules.yml"_s;
    for (int number = 2; QFileInfo::exists(path); ++number)
        path = folder + u"/%1-rules-%2.yml"_s.arg(rule.file).arg(number);
    page = workbench->openFile(path);
    QObject::connect(page, &DocumentPage::loaded, page, [put, page] { put(page); });
}

void chooseLibraryRule(Workbench* workbench)
{
    std::vector<PaletteEntry> entries;
    for (const LibraryRule& rule : libraryRules()) {
        entries.push_back({rule.name.isEmpty() ? Workbench::tr("All rules for %1").arg(rule.file) : rule.name, rule.file, rule.summary, {}, u"plus"_s,
                           [workbench, rule] { insertLibraryRule(workbench, rule); }});
    }
    (new CommandPalette(std::move(entries), workbench->window()))->popup();
}

} // namespace Promdeck
