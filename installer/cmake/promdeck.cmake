# Build helpers: one usage-requirement target, one way to add a library, one way to add a test.

add_library(promdeck_options INTERFACE)
add_library(promdeck::options ALIAS promdeck_options)
target_compile_features(promdeck_options INTERFACE cxx_std_20)
target_compile_options(promdeck_options INTERFACE
    # RE2 asks for it; everywhere, so that the shared precompiled headers stay valid.
    -pthread
    -Wall -Wextra -Wpedantic -Wold-style-cast -Woverloaded-virtual -Wnon-virtual-dtor -Wshadow=local
    $<$<BOOL:${PROMDECK_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(promdeck_options INTERFACE -fcoroutines-ts -Wno-deprecated-coroutine -Wno-unused-command-line-argument)
    # clang has no -Wshadow=local and QCoro's headers know clang 14 coroutines only by this macro.
    target_compile_options(promdeck_options INTERFACE -Wno-unknown-warning-option -Wno-shadow)
else()
    # gcc 12 reports these inside coroutine frames and inlined Qt containers, where there is nothing to mend.
    target_compile_options(promdeck_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_compile_definitions(promdeck_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_FOREACH QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_DISABLE_DEPRECATED_BEFORE=0x060400
    PROMDECK_VERSION="${PROJECT_VERSION}")
target_include_directories(promdeck_options INTERFACE ${PROJECT_SOURCE_DIR})
if(PROMDECK_SANITIZE)
    # The first finding ends the program, under ctest as under the fuzzer.
    target_compile_options(promdeck_options INTERFACE
        -fsanitize=${PROMDECK_SANITIZE} -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
        # clang 14 cannot place this check's data before the parts a coroutine is split into.
        target_compile_options(promdeck_options INTERFACE -fno-sanitize=function)
    endif()
    target_link_options(promdeck_options INTERFACE -fsanitize=${PROMDECK_SANITIZE})
endif()

# promdeck_add_library(NAME SOURCES ... LIBS ... [PRIVATE_LIBS ...] [GUI])
# A static library promdeck_NAME with the alias promdeck::NAME. Headers are included from the source root
# ("models/core/result.h"), so that an include line shows the layer it reaches into.
function(promdeck_add_library name)
    cmake_parse_arguments(ARG "GUI" "" "SOURCES;LIBS;PRIVATE_LIBS" ${ARGN})
    add_library(promdeck_${name} STATIC ${ARG_SOURCES})
    add_library(promdeck::${name} ALIAS promdeck_${name})
    target_link_libraries(promdeck_${name} PUBLIC promdeck::options ${ARG_LIBS} PRIVATE ${ARG_PRIVATE_LIBS})
    # One precompiled header per layer, built once and shared by every target of that layer.
    if(ARG_GUI)
        target_precompile_headers(promdeck_${name} REUSE_FROM promdeck_pch_gui)
    else()
        target_precompile_headers(promdeck_${name} REUSE_FROM promdeck_pch_core)
    endif()
endfunction()

# promdeck_add_test(NAME SOURCES ... LIBS ... [GUI] [LABELS ...] [TIMEOUT s] [SERIAL] [XVFB])
# One QtTest executable, registered with ctest. GUI tests run offscreen, with XVFB on an X server of their own.
function(promdeck_add_test name)
    cmake_parse_arguments(ARG "GUI;SERIAL;XVFB" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
    if(NOT ARG_SOURCES)
        set(ARG_SOURCES ${name}.cpp)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE promdeck::options promdeck::testsupport ${ARG_LIBS} Qt6::Test)
    if(ARG_GUI)
        target_precompile_headers(${name} REUSE_FROM promdeck_pch_gui)
    else()
        target_precompile_headers(${name} REUSE_FROM promdeck_pch_core)
    endif()
    set(platform offscreen)
    set(starter "")
    if(ARG_XVFB)
        set(platform xcb)
        set(starter xvfb-run -a -s "-screen 0 1600x1000x24")
    endif()
    add_test(NAME ${name} COMMAND ${starter} $<TARGET_FILE:${name}>)
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    if(PROMDECK_SANITIZE)
        # Instrumented programs are several times slower.
        math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 5")
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=${platform};TZ=UTC;LC_ALL=C.UTF-8")
    if(ARG_SERIAL)
        set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
    endif()
endfunction()

function(promdeck_add_pch layer)
    add_library(promdeck_pch_${layer} OBJECT ${PROJECT_SOURCE_DIR}/installer/cmake/pch.cpp)
    target_link_libraries(promdeck_pch_${layer} PRIVATE promdeck::options ${ARGN})
    target_precompile_headers(promdeck_pch_${layer} PRIVATE ${PROJECT_SOURCE_DIR}/installer/cmake/pch_${layer}.h)
    set_target_properties(promdeck_pch_${layer} PROPERTIES AUTOMOC OFF AUTORCC OFF)
endfunction()
