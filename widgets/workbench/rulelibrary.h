#pragma once

#include <QString>

#include <string>
#include <vector>

namespace Promdeck {

class Workbench;

/// One rule of resources/rules, or a whole group of them.
struct LibraryRule
{
    QString file;    ///< "node"
    QString name;    ///< of the alert or the recorded series; empty for the group
    QString summary; ///< what it is about
    std::string item; ///< its lines, without "- "
};
[[nodiscard]] std::vector<LibraryRule> libraryRules();

/// Puts a rule into the rule file that is shown, as one step of its history; into a new file where none is.
void insertLibraryRule(Workbench* workbench, const LibraryRule& rule);
/// Lets the user choose one.
void chooseLibraryRule(Workbench* workbench);

} // namespace Promdeck
