#include "models/stack/stackopener.h"

#include "models/stack/optionsresolver.h"

namespace Promdeck {

QCoro::Task<Result<std::shared_ptr<StackConnection>>> openStack(StackProfile profile, std::shared_ptr<SecretStore> store,
                                                                std::stop_token stop)
{
    using Answer = Result<std::shared_ptr<StackConnection>>;
    const Result<HttpOptions> options = co_await resolveOptions(profile, store, stop);
    if (!options)
        co_return Answer(options.error());
    co_return Answer(std::make_shared<StackConnection>(profile, *options));
}

} // namespace Promdeck
