# zm_room(NAME DIR folder LIBS ...): the static library zm_NAME of all C files of one folder.
# A folder is a room; a file belongs to it by lying in it, so no list of files can go stale.
function(zm_room name)
    cmake_parse_arguments(ROOM "" "DIR" "LIBS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ROOM_DIR}/*.c)
    if(NOT sources)
        add_library(zm_${name} INTERFACE)
        target_link_libraries(zm_${name} INTERFACE zm_flags ${ROOM_LIBS})
        return()
    endif()
    add_library(zm_${name} STATIC ${sources})
    target_link_libraries(zm_${name} PUBLIC zm_flags ${ROOM_LIBS})
endfunction()
