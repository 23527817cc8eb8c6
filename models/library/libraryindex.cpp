#include "models/library/libraryindex.h"

#include <QCollator>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kSnippet = 60; ///< characters of an expression around what fits

std::string folded(const QString& text)
{
    return text.toCaseFolded().toStdString();
}

bool has(const std::string& text, const std::string& word)
{
    return std::string_view(text).find(word) != std::string_view::npos;
}

struct Word
{
    enum class Scope { Any, Title, Tag, Folder, Panel, Metric, Expression, Type };
    Scope scope = Scope::Any;
    std::string text;
};

std::vector<Word> wordsOf(const QString& typed)
{
    static const std::array<std::pair<QStringView, Word::Scope>, 8> kScopes {{{u"title:", Word::Scope::Title},
                                                                           {u"tag:", Word::Scope::Tag},
                                                                           {u"folder:", Word::Scope::Folder},
                                                                           {u"panel:", Word::Scope::Panel},
                                                                           {u"metric:", Word::Scope::Metric},
                                                                           {u"expr:", Word::Scope::Expression},
                                                                           {u"query:", Word::Scope::Expression},
                                                                           {u"type:", Word::Scope::Type}}};
    std::vector<Word> words;
    for (qsizetype i = 0; i < typed.size();) {
        if (typed.at(i).isSpace()) {
            ++i;
            continue;
        }
        Word word;
        for (const auto& [prefix, scope] : kScopes) {
            if (QStringView(typed).mid(i).startsWith(prefix, Qt::CaseInsensitive)) {
                word.scope = scope;
                i += prefix.size();
                break;
            }
        }
        const bool quoted = i < typed.size() && typed.at(i) == u'"';
        i += quoted ? 1 : 0;
        qsizetype end = i;
        while (end < typed.size() && (quoted ? typed.at(end) != u'"' : !typed.at(end).isSpace()))
            ++end;
        word.text = folded(typed.mid(i, end - i));
        i = end + (quoted ? 1 : 0);
        if (!word.text.empty())
            words.push_back(std::move(word));
    }
    return words;
}

bool startsWordAt(std::string_view text, size_t at)
{
    const auto isName = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    return at == 0 || !isName(text[at - 1]);
}

/// How well a word fits a name: 0 = not; whole names beat their beginnings, these beginnings of words.
int fit(std::string_view text, const std::string& word)
{
    const size_t at = text.find(word);
    if (at == std::string_view::npos)
        return 0;
    if (text.size() == word.size())
        return 4;
    if (at == 0)
        return 3;
    return startsWordAt(text, at) ? 2 : 1;
}

int fitOfLines(const std::string& lines, const std::string& word)
{
    if (!has(lines, word))
        return 0;
    int best = 0;
    for (size_t from = 0; from <= lines.size();) {
        const size_t end = std::min(lines.find('\n', from), lines.size());
        best = std::max(best, fit(std::string_view(lines).substr(from, end - from), word));
        from = end + 1;
    }
    return best;
}

using Field = LibraryHit::Field;

struct Found
{
    Field field = Field::None;
    int score = 0;
};

void better(Found& found, Field field, int base, int quality)
{
    if (quality > 0 && base + quality * 25 > found.score)
        found = {field, base + quality * 25};
}

Found inHead(const LibraryEntry& entry, const Word& word)
{
    using Scope = Word::Scope;
    Found found;
    if (word.scope == Scope::Any || word.scope == Scope::Title)
        better(found, Field::Title, 500, fit(entry.foldedTitle, word.text));
    if (word.scope == Scope::Any || word.scope == Scope::Tag)
        better(found, Field::Tag, 350, fitOfLines(entry.foldedTags, word.text));
    if (word.scope == Scope::Any || word.scope == Scope::Folder)
        better(found, Field::Folder, 100, fit(entry.foldedPlace, word.text));
    return found;
}

Found inPart(const LibraryEntry::Folded& part, const Word& word)
{
    using Scope = Word::Scope;
    Found found;
    if (word.scope == Scope::Any || word.scope == Scope::Panel)
        better(found, Field::PartTitle, 300, fit(part.title, word.text));
    if (word.scope == Scope::Any || word.scope == Scope::Metric)
        better(found, Field::Metric, 250, fitOfLines(part.metrics, word.text));
    if (found.score == 0 && (word.scope == Scope::Any || word.scope == Scope::Expression))
        better(found, Field::Expression, 120, fit(part.expressions, word.text));
    if (word.scope == Scope::Type)
        better(found, Field::Type, 100, fit(part.type, word.text));
    return found;
}

QString snippet(const QString& text, const QString& word)
{
    const QString flat = text.simplified();
    const qsizetype at = flat.indexOf(word, 0, Qt::CaseInsensitive);
    if (flat.size() <= kSnippet || at < 0)
        return flat.left(kSnippet * 2);
    const qsizetype from = std::max<qsizetype>(0, at - kSnippet / 2);
    return (from > 0 ? u"…"_s : QString()) + flat.mid(from, kSnippet * 2) + (from + kSnippet * 2 < flat.size() ? u"…"_s : QString());
}

QString textOf(const DigestPart& part, Field field, const QString& word)
{
    if (field == Field::Metric) {
        QString best;
        for (const QString& metric : part.metrics) {
            if (metric.compare(word, Qt::CaseInsensitive) == 0)
                return metric;
            if (best.isEmpty() && metric.contains(word, Qt::CaseInsensitive))
                best = metric;
        }
        return best;
    }
    if (field == Field::Expression) {
        for (const QString& expression : part.expressions) {
            if (expression.contains(word, Qt::CaseInsensitive))
                return snippet(expression, word);
        }
    }
    return part.expressions.isEmpty() ? QString() : snippet(part.expressions.front(), word);
}

/// A hit whose text is made once it is known to be shown.
struct Scored
{
    LibraryHit hit;
    size_t word = 0; ///< the one that fits best
};

/// The hits of one dashboard.
struct Group
{
    int score = 0;
    std::vector<Scored> hits;
};

Group searchEntry(const LibraryEntryPtr& entry, const std::vector<Word>& words)
{
    Group group;
    std::vector<Found> heads;
    bool all = true;
    Found head;
    int headScore = 0;
    for (const Word& word : words) {
        heads.push_back(inHead(*entry, word));
        all = all && heads.back().score > 0;
        headScore += heads.back().score;
        if (heads.back().score > head.score)
            head = heads.back();
    }
    const int count = int(words.size());
    if (all) {
        group.score = headScore / count;
        group.hits.push_back({{entry, -1, head.field, {}, group.score}, 0});
    } else {
        group.hits.push_back({{entry, -1, Field::None, {}, 0}, 0});
    }
    for (size_t i = 0; i < entry->foldedParts.size(); ++i) {
        Found best;
        size_t bestWord = 0;
        int score = 0;
        bool fits = true;
        for (size_t w = 0; w < words.size() && fits; ++w) {
            const Found found = inPart(entry->foldedParts[i], words[w]);
            fits = found.score > 0 || heads[w].score > 0;
            score += std::max(found.score, heads[w].score / 2);
            if (found.score > best.score) {
                best = found;
                bestWord = w;
            }
        }
        if (!fits || best.score == 0)
            continue;
        group.hits.push_back({{entry, int(i), best.field, {}, score / count}, bestWord});
        group.score = std::max(group.score, score / count);
    }
    if (!all && group.hits.size() == 1)
        group.hits.clear();
    std::stable_sort(group.hits.begin() + std::min<std::ptrdiff_t>(1, std::ssize(group.hits)), group.hits.end(),
                     [](const Scored& a, const Scored& b) { return a.hit.score > b.hit.score; });
    return group;
}

} // namespace

LibraryEntryPtr withSearchTexts(LibraryEntry entry)
{
    const DashboardDigest& digest = entry.digest;
    entry.foldedTitle = folded(digest.title);
    entry.foldedTags = folded(digest.tags.join(u'\n'));
    entry.foldedPlace = folded(entry.isBuiltin() ? u"built-in"_s : entry.root.section(u'/', -1) + u'/' + entry.folder)
        + '\n' + folded(digest.description);
    entry.foldedParts.clear();
    for (const DigestPart& part : digest.parts) {
        entry.foldedParts.push_back({folded(part.title), folded(part.metrics.join(u'\n')), folded(part.expressions.join(u'\n')),
                                     folded(part.type)});
    }
    return std::make_shared<const LibraryEntry>(std::move(entry));
}

LibraryIndex::LibraryIndex(std::vector<LibraryEntryPtr> entries, std::vector<std::pair<QString, Error>> folderErrors)
    : m_entries(std::move(entries)), m_folderErrors(std::move(folderErrors))
{
    std::ranges::stable_sort(m_entries, [](const LibraryEntryPtr& a, const LibraryEntryPtr& b) {
        const int order = a->digest.title.compare(b->digest.title, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : a->reference < b->reference;
    });
}

LibraryEntryPtr LibraryIndex::find(const QString& reference) const
{
    const auto it = std::ranges::find(m_entries, reference, [](const LibraryEntryPtr& entry) { return entry->reference; });
    return it == m_entries.end() ? nullptr : *it;
}

LibraryEntryPtr LibraryIndex::withUid(const QString& uid) const
{
    LibraryEntryPtr found;
    for (const LibraryEntryPtr& entry : m_entries) {
        if (uid.isEmpty() || entry->error || entry->digest.uid != uid)
            continue;
        if (!entry->isBuiltin())
            return entry;
        found = entry;
    }
    return found;
}

std::vector<LibraryEntryPtr> LibraryIndex::withTags(const QStringList& tags) const
{
    std::vector<LibraryEntryPtr> found;
    std::ranges::copy_if(m_entries, std::back_inserter(found), [&tags](const LibraryEntryPtr& entry) {
        return !entry->error && std::ranges::all_of(tags, [&](const QString& tag) { return entry->digest.tags.contains(tag); });
    });
    return found;
}

std::vector<std::pair<QString, int>> LibraryIndex::tags() const
{
    std::map<QString, int> counts;
    for (const LibraryEntryPtr& entry : m_entries) {
        for (const QString& tag : entry->digest.tags)
            ++counts[tag];
    }
    return {counts.begin(), counts.end()};
}

LibraryResult LibraryIndex::search(const QString& text, size_t limit, const Filter& filter) const
{
    LibraryResult result;
    const std::vector<Word> words = wordsOf(text);
    if (words.empty())
        return result;
    std::vector<Group> groups;
    for (const LibraryEntryPtr& entry : m_entries) {
        if (entry->isOther || (filter && !filter(*entry)))
            continue;
        Group group = searchEntry(entry, words);
        if (!group.hits.empty())
            groups.push_back(std::move(group));
    }
    std::ranges::stable_sort(groups, [](const Group& a, const Group& b) { return a.score > b.score; });
    for (Group& group : groups) {
        ++result.dashboards;
        result.parts += int(group.hits.size()) - 1;
        const size_t room = limit - std::min(limit, result.hits.size());
        const size_t taken = std::min(room, group.hits.size());
        result.cut = result.cut || taken < group.hits.size();
        for (size_t i = 0; i < taken; ++i) {
            LibraryHit& hit = group.hits[i].hit;
            if (const DigestPart* part = hit.digestPart())
                hit.text = textOf(*part, hit.field, QString::fromStdString(words[group.hits[i].word].text));
            result.hits.push_back(std::move(hit));
        }
    }
    return result;
}

} // namespace Promdeck
