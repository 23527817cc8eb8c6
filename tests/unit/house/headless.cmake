# Builds the command line without PROMDECK_GUI (unless PROGRAM names one) and fails when it needs Qt Gui.
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
    if(NOT code EQUAL 0)
        string(JOIN " " line ${ARGV})
        message(FATAL_ERROR "failed (${code}): ${line}\n${out}")
    endif()
    set(run_output "${out}" PARENT_SCOPE)
endfunction()

if(NOT PROGRAM)
    # Flags and folder depth of the `dev` preset, so that the compiler cache knows every file already.
    run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G ${GENERATOR} -DPROMDECK_GUI=OFF -DPROMDECK_TESTS=OFF
        -DCMAKE_COLOR_DIAGNOSTICS=ON -DPROMDECK_WERROR=ON -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g1")
    run(${CMAKE_COMMAND} --build ${BUILD} --target promdeck --parallel 2)
    set(PROGRAM ${BUILD}/bin/promdeck)
endif()

# What it names itself, and what comes along with that.
foreach(command "readelf;-d" "ldd")
    run(${command} ${PROGRAM})
    if(NOT run_output MATCHES "libQt6Core")
        message(FATAL_ERROR "${command} does not list libQt6Core, so it proves nothing:\n${run_output}")
    endif()
    string(REGEX MATCHALL "libQt6(Gui|Widgets|Charts|Svg|OpenGL)[^ \n]*" found "${run_output}")
    if(found)
        message(FATAL_ERROR "the command line needs ${found} (${command} ${PROGRAM})")
    endif()
endforeach()

run(${CMAKE_COMMAND} -E env --unset=DISPLAY --unset=WAYLAND_DISPLAY --unset=QT_QPA_PLATFORM ${PROGRAM} help)
if(NOT run_output MATCHES "usage: promdeck")
    message(FATAL_ERROR "promdeck help said:\n${run_output}")
endif()
