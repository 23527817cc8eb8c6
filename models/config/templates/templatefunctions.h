#pragma once

#include "models/config/templates/goformat.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// One result of a query in a template.
struct TemplateSample
{
    std::map<std::string, std::string, std::less<>> labels;
    double value = 0;
};
using TemplateSamples = std::vector<TemplateSample>;

/// What functions know of the world around a template.
struct TemplateEnvironment
{
    std::int64_t nowMs = 0;  ///< what "now" and "since" mean
    std::string externalUrl; ///< of the server: "http://prometheus.example:9090/path"
    bool html = false;       ///< escaped as html/template does
    /// Answers of `query`, by expression; what is missing stops the template (TemplateOutcome::neededQuery).
    std::map<std::string, TemplateSamples, std::less<>> queries;
    std::map<std::string, std::string, std::less<>> queryErrors; ///< what the server said instead
};

/// The types of parameters that functions of templates have.
enum class GoParam { Any, String, Int, Float, Strings, List, Query, Sample, Time, Duration };
[[nodiscard]] std::string_view paramName(GoParam param); ///< as Go writes the type

/// Thrown by functions: Go's error or panic.
struct GoFunctionError
{
    std::string message;
};
/// Thrown by `query` when its answer is not known yet.
struct GoQueryNeeded
{
    std::string expression;
};

struct GoCall
{
    const GoFormat& format;
    const TemplateEnvironment& environment;
    const GoValue& data; ///< what the template was started with
};

struct GoFunction
{
    std::vector<GoParam> parameters;
    bool variadic = false; ///< the last parameter may repeat, or be absent
    std::function<GoValue(const std::vector<GoValue>&, const GoCall&)> run;
};

/// The functions that every Go template has; and, or included for their parameters only.
[[nodiscard]] const GoFunction* findBuiltin(std::string_view name);
[[nodiscard]] const GoFunction* findRuleFunction(std::string_view name);
[[nodiscard]] const GoFunction* findNotificationFunction(std::string_view name);
/// A method of a type; the receiver is the first argument and no parameter.
[[nodiscard]] const GoFunction* findMethod(const std::string& type, std::string_view name);

[[nodiscard]] GoValue sampleValue(const TemplateSample& sample);
[[nodiscard]] std::string htmlEscape(std::string_view text); ///< text/template's html
[[nodiscard]] std::string jsEscape(std::string_view text);
[[nodiscard]] std::string queryEscape(std::string_view text);

} // namespace Promdeck::Config
