#pragma once

#include "models/config/templates/gotemplate.h"
#include "models/config/templates/templatefunctions.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace Promdeck::Config {

enum class TemplateKind {
    Rule,        ///< labels and annotations of alerting rules: $labels, $externalLabels, $externalURL, $value
    Notification ///< Alertmanager's
};

/// Why a template did not parse or run, with the place in the text that holds the mistake.
struct TemplateFailure
{
    std::string message;  ///< Go's sentence without its place: "error calling first: ..."
    std::string source;   ///< name of the text: the path of a file, empty for the text that was rendered
    std::string name;     ///< of the template that ran
    std::string at;       ///< the piece that ran, as Go prints it; empty when the text did not parse
    std::size_t offset = 0; ///< bytes of the source's text
    std::size_t end = 0;
    int line = 1;         ///< 1-based
    int column = 1;       ///< 1-based, code points
    int goColumn = 0;     ///< bytes since the line began, as Go prints it
    /// "template: NAME:1:5: executing ...", as the server writes it.
    [[nodiscard]] std::string goText() const;
};

struct TemplateOutcome
{
    std::string text; ///< up to the failure, when there is one
    std::optional<TemplateFailure> failure;
    std::optional<std::string> neededQuery; ///< an expression whose answer has to be in the environment first
    [[nodiscard]] bool ok() const { return !failure && !neededQuery; }
};

/// Named templates, and the evaluation of texts that use them. Semantics: Go 1.23's text/template and html/template with
/// missingkey=zero, as Prometheus and Alertmanager run them. Rendering is const and thread-safe.
class TemplateSet
{
public:
    /// `version` of the server, as major * 1000 + minor.
    TemplateSet(TemplateKind kind, int version);

    /// Adds the templates that a text defines; `name` is the path of its file. A later definition replaces an earlier.
    std::optional<TemplateFailure> add(const std::string& name, const std::string& text);
    /// Templates that Alertmanager itself has ("slack.default.title"); added by the constructor for notifications.
    [[nodiscard]] std::vector<std::string> names() const;

    [[nodiscard]] TemplateOutcome render(const std::string& text, const GoValue& data, const TemplateEnvironment& environment) const;
    [[nodiscard]] TemplateKind kind() const { return m_kind; }
    [[nodiscard]] int version() const { return m_version; }

    struct Source
    {
        std::string name;
        std::string text;
        ParsedTemplate parsed;
    };
    struct Definition
    {
        std::shared_ptr<const Source> source;
        const std::vector<std::unique_ptr<TemplateNode>>* body = nullptr;
    };
    using Definitions = std::map<std::string, Definition, std::less<>>;

private:
    [[nodiscard]] const TemplateDialect& dialect() const;
    static void define(Definitions& into, const std::shared_ptr<const Source>& source, const std::vector<std::unique_ptr<TemplateNode>>& nodes);

    TemplateKind m_kind;
    int m_version;
    Definitions m_definitions;
};

/// Where something went wrong in a text, filled in from its offsets.
[[nodiscard]] TemplateFailure templateFailureAt(std::string_view text, std::string message, std::size_t offset, std::size_t end);

/// What a rule's template sees: `.Labels`, `.ExternalLabels`, `.ExternalURL`, `.Value`.
[[nodiscard]] GoValue ruleTemplateData(const std::map<std::string, std::string, std::less<>>& labels,
                                       const std::map<std::string, std::string, std::less<>>& externalLabels,
                                       const std::string& externalUrl, double value);

/// A definition of Alertmanager's own, computed; nothing when there is none of that name.
using OwnTemplate = std::string (*)(const GoValue& data);
[[nodiscard]] OwnTemplate findOwnTemplate(std::string_view name, int version);
[[nodiscard]] std::vector<std::string> ownTemplateNames(int version);

} // namespace Promdeck::Config
