#include "provisioning/backup/restorescripts.h"

#include "provisioning/host/shellquote.h"

namespace Promdeck::Backup {

namespace {

QByteArray commandLines(const std::vector<RestoreTarget>& targets, QList<QByteArray> RestoreTarget::*which, const char* otherwise)
{
    QByteArray out;
    for (const RestoreTarget& target : targets) {
        if (!(target.*which).isEmpty())
            out += "    " + shellQuote(target.*which) + " || " + otherwise + "\n";
    }
    return out;
}

// Runs detached: neither a lost connection nor the end of whoever started it may stop it halfway.
constexpr char kHead[] = R"sh(trap '' HUP INT TERM PIPE
cd "${0%/*}" || exit 1
state() { printf '%s\n' "$1" >state.new && mv -f state.new state; }
there() { [ -e "$1" ] || [ -h "$1" ]; }
)sh";

QByteArray startAndUndo(const std::vector<RestoreSwap>& swaps, const std::vector<RestoreTarget>& targets)
{
    QByteArray out = "start() {\n    result=0\n" + commandLines(targets, &RestoreTarget::start, "result=1")
        + "    return $result\n}\nstop() {\n    result=0\n" + commandLines(targets, &RestoreTarget::stop, "result=1")
        + "    return $result\n}\n";
    // In reverse order. Each pair alone says how far it came: what is old goes back, else what had nothing before it.
    out += "undo() {\n    result=0\n";
    for (auto swap = swaps.rbegin(); swap != swaps.rend(); ++swap) {
        const QByteArray live = shellQuote(swap->live);
        const QByteArray fresh = shellQuote(swap->fresh);
        const QByteArray old = shellQuote(swap->old);
        out += "    if there " + old + "; then\n        if there " + live + "; then mv -f " + live + " " + fresh
            + " || result=1; fi\n        mv -f " + old + " " + live + " || result=1\n    elif there " + live + " && ! there "
            + fresh + "; then mv -f " + live + " " + fresh + " || result=1; fi\n";
    }
    return out + "    return $result\n}\n";
}

} // namespace

QByteArray swapScript(const std::vector<RestoreSwap>& swaps, const std::vector<RestoreTarget>& targets)
{
    QByteArray out = kHead + startAndUndo(swaps, targets);
    out += "failed() { undo; start; state \"undone $1\"; exit 1; }\n"
           "state stopping\nstop || { start; state 'undone stop'; exit 1; }\nstate swapping\n";
    for (const RestoreSwap& swap : swaps) {
        const auto folderOf = [](const QByteArray& path) { return shellQuote(path.left(qMax<qsizetype>(1, path.lastIndexOf('/')))); };
        out += "(umask 022; mkdir -p " + folderOf(swap.live) + " " + folderOf(swap.old) + ") || failed rename\n";
        out += "if there " + shellQuote(swap.live) + "; then mv " + shellQuote(swap.live) + " " + shellQuote(swap.old)
            + " || failed rename; fi\n";
        out += "mv " + shellQuote(swap.fresh) + " " + shellQuote(swap.live) + " || failed rename\n";
    }
    return out + "sync\nstate starting\nstart || { stop; failed start; }\nstate swapped\n";
}

QByteArray undoScript(const std::vector<RestoreSwap>& swaps, const std::vector<RestoreTarget>& targets)
{
    return kHead + startAndUndo(swaps, targets) + "state undoing\nstop\nundo || { state 'broken undo'; exit 1; }\nsync\nstart\nstate undone\n";
}

QByteArray journalFolder(const QByteArray& live, const QByteArray& id)
{
    const QByteArray parent = live.left(live.lastIndexOf('/'));
    return parent + '/' + kJournalPrefix + id;
}

} // namespace Promdeck::Backup
