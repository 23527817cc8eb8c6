#include "app/windowprogram.h"

#include "app/cli/verb.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <string>

namespace Promdeck {

namespace {

/// Returns only when that fails, having said why.
[[maybe_unused]] int becomeProgram(const char* program, const char* installFolder, char** argv)
{
    std::array<char, PATH_MAX> own {};
    const ssize_t length = readlink("/proc/self/exe", own.data(), own.size() - 1);
    std::string folder(own.data(), length > 0 ? std::size_t(length) : 0);
    folder.resize(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/'));
    const std::string beside = folder + "/" + program;
    const std::string installed = folder + "/../" + installFolder + "/" + program;
    for (const std::string& path : {beside, installed}) {
        execv(path.c_str(), argv);
        if (errno == ENOENT)
            continue;
        std::fprintf(stderr, "promdeck: %s does not start: %s\n", path.c_str(), std::strerror(errno));
        return Cli::ExitUsage;
    }
    std::fprintf(stderr, "promdeck: %s is neither in %s nor in %s/../%s: reinstall Promdeck, or build it whole\n", program,
                 folder.c_str(), folder.c_str(), installFolder);
    return Cli::ExitUsage;
}

} // namespace

#ifdef PROMDECK_HOSTS_PROGRAM

int becomeHostsProgram(char** argv)
{
    return becomeProgram(PROMDECK_HOSTS_PROGRAM, PROMDECK_PROGRAM_FOLDER, argv);
}

#else

int becomeHostsProgram(char**)
{
    return Cli::ExitUsage;
}

#endif

#ifdef PROMDECK_WINDOW_PROGRAM

bool hasWindowProgram()
{
    return true;
}

int becomeWindowProgram(char** argv)
{
    return becomeProgram(PROMDECK_WINDOW_PROGRAM, PROMDECK_PROGRAM_FOLDER, argv);
}

#else

bool hasWindowProgram()
{
    return false;
}

int becomeWindowProgram(char**)
{
    return Cli::ExitUsage;
}

#endif

} // namespace Promdeck
