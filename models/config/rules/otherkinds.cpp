#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"

namespace Promdeck::Config {

const CheckRules& ruleTestRules()
{
    static const CheckRules rules;
    return rules;
}

const CheckRules& fileSdRules()
{
    return prometheusRules();
}

const CheckRules& blackboxRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        addHttpRules(all);
        return all;
    }();
    return rules;
}

const CheckRules& webRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        addHttpRules(all);
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
